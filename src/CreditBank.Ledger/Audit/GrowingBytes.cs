namespace CreditBank.Ledger.Audit;

/// <summary>
/// A buffer that grows and stays, so that the next text costs nothing. Contents up to its length are valid.
/// </summary>
internal struct GrowingBytes(int capacity)
{
    private byte[] buffer = new byte[capacity];

    /// <summary>How many bytes are valid; lowering it forgets the rest.</summary>
    public int Length { get; set; }

    /// <summary>The valid bytes.</summary>
    public readonly ReadOnlySpan<byte> Written => buffer.AsSpan(0, Length);

    /// <summary>Adds bytes at the end. They must not be part of this buffer.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Adds one byte at the end.</summary>
    public void Add(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    /// <summary>
    /// Room for at least so many bytes behind the valid ones; writing there does not make them valid.
    /// </summary>
    public Span<byte> Reserve(int count)
    {
        if (buffer.Length - Length < count)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, Length + count));
        }

        return buffer.AsSpan(Length);
    }
}
