using System.Security.Cryptography;

namespace CreditBank.Api.Infrastructure.Vault;

/// <summary>The bank's own keys, each 32 bytes. In memory, and sealed in the <see cref="KeyRing"/>.</summary>
/// <param name="Current">What new things are wrapped and found with.</param>
/// <param name="Before">The generation that is being replaced; none outside of a rotation.</param>
/// <param name="Records">Claims record ids, certificates and header keys. Never changes.</param>
/// <param name="Content">Compares contents. Never changes.</param>
/// <param name="Pseudonym">Makes pseudonyms, which stand in events. Never changes.</param>
internal sealed record DataKeys(
    KeyGeneration Current,
    KeyGeneration? Before,
    byte[] Records,
    byte[] Content,
    byte[] Pseudonym
)
{
    /// <summary>The same with a new generation; the current one becomes the one before.</summary>
    public DataKeys WithNextGeneration() =>
        this with
        {
            Before = Current,
            Current = new KeyGeneration(
                Current.Number + 1,
                RandomNumberGenerator.GetBytes(MasterKey.Bytes),
                RandomNumberGenerator.GetBytes(MasterKey.Bytes)
            ),
        };

    /// <summary>A generation by its number.</summary>
    /// <exception cref="CryptographicException">Its keys were destroyed, or never were.</exception>
    public KeyGeneration Generation(int number) =>
        number == Current.Number ? Current
        : number == Before?.Number ? Before
        : throw new CryptographicException($"The keys of generation {number} are not in the ring.");
}

/// <summary>The keys that a rotation replaces together.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="Wrapping">Wraps the keys of persons, evidence and webhooks.</param>
/// <param name="Identity">Makes the tags under which identities and names are found.</param>
internal sealed record KeyGeneration(int Number, byte[] Wrapping, byte[] Identity);

/// <summary>
/// A key under the wrapping key of a generation: the generation's number (3 bytes, big-endian), then the sealed key
/// (60 bytes). Without the number it is of generation 1, from before there were generations.
/// </summary>
internal static class WrappedKey
{
    /// <summary>The length in base64.</summary>
    public const int Base64Length = 84;

    private const int NumberBytes = 3;
    private const int UnnumberedBytes = 60;
    private const string Purpose = "person-key";

    /// <summary>The first four characters of every wrapped key of a generation in base64.</summary>
    public static string MarkOf(int generation) => Convert.ToBase64String(Number(generation));

    /// <summary>Wraps a key.</summary>
    public static byte[] Wrap(KeyGeneration generation, ReadOnlySpan<byte> key) =>
        [.. Number(generation.Number), .. Sealing.Seal(generation.Wrapping, key, Purpose)];

    /// <summary>The key.</summary>
    /// <exception cref="CryptographicException">It was altered, or the generation's keys are gone.</exception>
    public static byte[] Unwrap(DataKeys keys, ReadOnlySpan<byte> wrapped)
    {
        if (wrapped.Length == UnnumberedBytes)
        {
            return Sealing.Open(keys.Generation(1).Wrapping, wrapped, Purpose);
        }

        var number = wrapped.Length < NumberBytes ? 0 : (wrapped[0] << 16) | (wrapped[1] << 8) | wrapped[2];
        return Sealing.Open(keys.Generation(number).Wrapping, wrapped[NumberBytes..], Purpose);
    }

    private static byte[] Number(int generation) =>
        [(byte)(generation >> 16), (byte)(generation >> 8), (byte)generation];
}
