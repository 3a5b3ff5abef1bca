using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CreditBank.Ledger.Audit;

/// <summary>
/// A bundle of up to 256 entries as C2SP tlog-tiles serves them: each behind its length in two bytes, big-endian. So an
/// entry has at most <see cref="EntryBytesMax"/> bytes; what is larger is referred to by its hash (rulings 8).
/// </summary>
public sealed class EntryBundle
{
    /// <summary>The most bytes of one entry, inclusive.</summary>
    public const int EntryBytesMax = ushort.MaxValue;

    private readonly ReadOnlyMemory<byte> bytes;
    private readonly int[] starts;

    private EntryBundle(ReadOnlyMemory<byte> bytes, int[] starts) => (this.bytes, this.starts) = (bytes, starts);

    /// <summary>How many entries it holds.</summary>
    public int Width => starts.Length;

    /// <summary>One of the entries, from zero.</summary>
    public ReadOnlyMemory<byte> this[int index] =>
        bytes.Slice(starts[index] + sizeof(ushort), BinaryPrimitives.ReadUInt16BigEndian(bytes.Span[starts[index]..]));

    /// <summary>Writes one entry behind others of a bundle.</summary>
    /// <exception cref="ArgumentException">The entry is too long.</exception>
    public static void Append(Stream bundle, ReadOnlySpan<byte> entry)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        if (entry.Length > EntryBytesMax)
        {
            throw new ArgumentException($"An entry has at most {EntryBytesMax} bytes.", nameof(entry));
        }

        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)entry.Length);
        bundle.Write(length);
        bundle.Write(entry);
    }

    /// <summary>Reads a bundle that must hold exactly so many entries and not a byte more.</summary>
    /// <param name="bytes">The bundle; it is kept, not copied.</param>
    /// <param name="width">As its name says, 1 to 256.</param>
    /// <param name="bundle">The bundle, when true.</param>
    /// <param name="problemCode"><see cref="AuditProblem.BundleMalformed"/>, when false.</param>
    public static bool TryParse(
        ReadOnlyMemory<byte> bytes,
        int width,
        [NotNullWhen(true)] out EntryBundle? bundle,
        [NotNullWhen(false)] out string? problemCode
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, TileId.FullWidth);
        var (starts, at) = (new int[width], 0);
        for (var i = 0; i < width && at >= 0; i++)
        {
            starts[i] = at;
            var rest = bytes.Span[at..];
            var isComplete =
                rest.Length >= sizeof(ushort)
                && rest.Length - sizeof(ushort) >= BinaryPrimitives.ReadUInt16BigEndian(rest);
            at = isComplete ? at + sizeof(ushort) + BinaryPrimitives.ReadUInt16BigEndian(rest) : -1;
        }

        bundle = at == bytes.Length ? new EntryBundle(bytes, starts) : null;
        problemCode = bundle is null ? AuditProblem.BundleMalformed : null;
        return bundle is not null;
    }
}
