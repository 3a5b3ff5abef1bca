using System.Security.Cryptography;
using System.Text;
using CreditBank.Ledger.Audit;

namespace CreditBank.Verifier;

/// <summary>
/// The latest checkpoint of each log that a witness cosigned, a file each. What is remembered is on disk before the
/// cosignature goes out, so that no crash makes a witness cosign two histories.
/// </summary>
internal sealed class WitnessMemory(string folder)
{
    /// <summary>The latest checkpoint of a log; none before the first.</summary>
    /// <exception cref="InvalidDataException">The file is damaged: the witness must not go on as if it knew
    /// nothing.</exception>
    public Checkpoint? Latest(string origin)
    {
        var path = PathOf(origin);
        if (!File.Exists(path))
        {
            return null;
        }

        return Checkpoint.TryParse(File.ReadAllText(path), out var checkpoint, out var problem)
            ? checkpoint
            : throw new InvalidDataException($"{path} is damaged: {problem}.");
    }

    /// <summary>Remembers a checkpoint; on disk when this returns.</summary>
    public void Remember(Checkpoint checkpoint)
    {
        Directory.CreateDirectory(folder);
        var path = PathOf(checkpoint.Origin);
        var unfinished = path + ".unfinished";
        using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
        {
            file.Write(Encoding.UTF8.GetBytes(checkpoint.Text));
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }

    private string PathOf(string origin) =>
        Path.Combine(folder, $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(origin)))}.checkpoint");
}
