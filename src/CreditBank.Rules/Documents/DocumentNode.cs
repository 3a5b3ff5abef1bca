namespace CreditBank.Rules;

/// <summary>
/// A document read from YAML or canonical JSON: maps, lists and texts with their positions. Scalars stay the text that
/// was written; what they mean is decided by who reads them, so "3.50" and "no" are never silently something else.
/// </summary>
internal abstract class DocumentNode(Position at)
{
    public Position At { get; } = at;

    public abstract string Describe();
}

internal sealed class DocumentText(Position at, string value) : DocumentNode(at)
{
    public string Value { get; } = value;

    public override string Describe() => $"the text '{(Value.Length > 40 ? Value[..40] + "…" : Value)}'";
}

internal sealed class DocumentList(Position at) : DocumentNode(at)
{
    public List<DocumentNode> Items { get; } = [];

    public override string Describe() => "a list";
}

internal sealed class DocumentMap(Position at) : DocumentNode(at)
{
    public List<DocumentEntry> Entries { get; } = [];

    public DocumentNode? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (entry.Key == key)
                return entry.Value;
        }

        return null;
    }

    public void Set(string key, DocumentNode value)
    {
        for (var i = 0; i < Entries.Count; i++)
        {
            if (Entries[i].Key == key)
            {
                Entries[i] = new DocumentEntry(key, value.At, value);
                return;
            }
        }

        Entries.Add(new DocumentEntry(key, value.At, value));
    }

    public override string Describe() => "a group of fields";
}

internal readonly record struct DocumentEntry(string Key, Position At, DocumentNode Value);

/// <summary>The limits that keep memory bounded whatever a file holds.</summary>
internal static class DocumentLimits
{
    /// <summary>A YAML file larger than this is refused before it is read. Larger things belong into tables.</summary>
    public const int YamlBytesMax = 4 * 1024 * 1024;

    /// <summary>A table larger than this is refused before it is read.</summary>
    public const int TableBytesMax = 32 * 1024 * 1024;

    /// <summary>The canonical text of a rule set is at most this long.</summary>
    public const int CanonicalBytesMax = 96 * 1024 * 1024;

    public const int DepthMax = 24;

    public const int FilesMax = 2_000;
}
