using System.Security.Cryptography;
using CreditBank.Ledger.Audit;

namespace CreditBank.Verifier;

/// <summary>The key of a witness: a file that only its owner reads.</summary>
internal static class WitnessKey
{
    private const int SeedBytes = 32;

    /// <summary>Makes a key and prints its public half.</summary>
    /// <exception cref="UnusableExportException">The file is there already, or the name cannot be.</exception>
    public static int Create(string name, string path, TextWriter output)
    {
        if (File.Exists(path))
        {
            throw new UnusableExportException($"{path} is there already; a key is never overwritten.");
        }

        try
        {
            var seed = RandomNumberGenerator.GetBytes(SeedBytes);
            using var signer = NoteSigner.FromSeed(name, NoteKeyType.Cosignature, seed);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var file = new StreamWriter(path, options);
            file.WriteLine(signer.ToSecretText());
            output.WriteLine(signer.Vkey.ToString());
            return CommandLine.Holds;
        }
        catch (ArgumentException wrong)
        {
            throw new UnusableExportException(wrong.Message);
        }
    }

    /// <summary>Reads a key.</summary>
    /// <exception cref="UnusableExportException">The file holds no key of a witness.</exception>
    public static NoteSigner Read(string path) =>
        NoteSigner.TryParse(File.ReadAllText(path).Trim(), out var signer, out var problem)
        && signer.Vkey.Type == NoteKeyType.Cosignature
            ? signer
            : throw new UnusableExportException($"{path} holds no key of a witness ({problem}).");
}
