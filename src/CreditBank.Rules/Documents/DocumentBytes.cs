using System.Text;

namespace CreditBank.Rules;

/// <summary>Turns the bytes of a file into text: UTF-8 only, strict, with or without a byte order mark.</summary>
internal static class DocumentBytes
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static string? Decode(string file, ReadOnlySpan<byte> bytes, ProblemList problems)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            bytes = bytes[3..];
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            problems.Add(new Position(file, 1, 1), "file.encoding", "The file is UTF-16; save it as UTF-8.");
            return null;
        }

        var end = bytes.IndexOf((byte)0);
        if (end >= 0)
        {
            problems.Add(PositionOf(file, bytes[..end]), "file.encoding", "A zero byte: this is no text file.");
            return null;
        }

        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException refused)
        {
            var index = Math.Clamp(refused.Index, 0, bytes.Length);
            problems.Add(
                PositionOf(file, bytes[..index]),
                "file.encoding",
                "These bytes are no UTF-8; the file may be GB 18030 or Latin-1. Save it as UTF-8."
            );
            return null;
        }
    }

    private static Position PositionOf(string file, ReadOnlySpan<byte> before)
    {
        var line = 1 + before.Count((byte)'\n');
        var column = before.Length - before.LastIndexOf((byte)'\n');
        return new Position(file, line, column);
    }
}
