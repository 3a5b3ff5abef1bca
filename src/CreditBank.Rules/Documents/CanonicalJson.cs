using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CreditBank.Rules;

/// <summary>
/// The canonical text of a document: JSON in UTF-8, no white space, fields ordered by their UTF-16 code units, every
/// scalar a string exactly as written. This is RFC 8785 for a value space of strings, lists and maps, so any
/// implementation can recompute a rule set's hash.
/// </summary>
internal static class CanonicalJson
{
    private const string File = "canonical.json";

    public static byte[] Write(DocumentNode node)
    {
        var json = new JsonText();
        Write(node, json);
        return Encoding.UTF8.GetBytes(json.Finish());
    }

    /// <summary>The hash of a text's UTF-8 bytes.</summary>
    public static string Hash(string text)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            return Hash(rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static DocumentNode? Read(string text, ProblemList problems)
    {
        if (Encoding.UTF8.GetByteCount(text) > DocumentLimits.CanonicalBytesMax)
        {
            problems.Add(new Position(File, 1, 1), "file.size", "The canonical text is longer than 96 MiB.");
            return null;
        }

        return Read(Encoding.UTF8.GetBytes(text), problems);
    }

    public static DocumentNode? Read(ReadOnlySpan<byte> bytes, ProblemList problems)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = DocumentLimits.DepthMax + 2 });
        try
        {
            reader.Read();
            var node = ReadNode(ref reader, problems);
            while (reader.Read())
                continue;
            return problems.IsEmpty ? node : null;
        }
        catch (JsonException wrong)
        {
            var at = new Position(File, (int)(wrong.LineNumber ?? 0) + 1, (int)(wrong.BytePositionInLine ?? 0) + 1);
            problems.Add(at, "json.syntax", "This is no valid JSON.");
            return null;
        }
    }

    private static DocumentNode ReadNode(ref Utf8JsonReader reader, ProblemList problems)
    {
        var at = new Position(File, 1, (int)Math.Min(reader.TokenStartIndex + 1, int.MaxValue));
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return new DocumentText(at, reader.GetString()!);
            case JsonTokenType.StartArray:
                var list = new DocumentList(at);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    list.Items.Add(ReadNode(ref reader, problems));
                return list;
            case JsonTokenType.StartObject:
                return ReadMap(ref reader, at, problems);
            default:
                problems.Add(at, "json.scalar", "In canonical text every scalar is a string.");
                return new DocumentText(at, "");
        }
    }

    private static DocumentMap ReadMap(ref Utf8JsonReader reader, Position at, ProblemList problems)
    {
        var map = new DocumentMap(at);
        string? last = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = reader.GetString()!;
            if (last is not null && string.CompareOrdinal(last, key) >= 0)
                problems.Add(at, "json.order", $"The field '{key}' stands twice or out of order.");
            last = key;
            reader.Read();
            map.Entries.Add(new DocumentEntry(key, at, ReadNode(ref reader, problems)));
        }

        return map;
    }

    private static void Write(DocumentNode node, JsonText json)
    {
        switch (node)
        {
            case DocumentText text:
                json.Value(text.Value);
                break;
            case DocumentList list:
                json.BeginList();
                foreach (var item in list.Items)
                    Write(item, json);
                json.EndList();
                break;
            case DocumentMap map:
                json.BeginObject();
                foreach (var entry in map.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    json.Key(entry.Key);
                    Write(entry.Value, json);
                }

                json.EndObject();
                break;
        }
    }
}
