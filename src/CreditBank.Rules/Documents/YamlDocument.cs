using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CreditBank.Rules;

/// <summary>
/// Reads the part of YAML that a registrar needs: maps, lists and texts. Anchors, aliases, tags, merge keys, several
/// documents in a file and duplicate keys are refused with their position, because each of them can mean something
/// else than it seems, and aliases can make a small file unbounded.
/// </summary>
internal static class YamlDocument
{
    public static DocumentNode? Read(string file, string text, ProblemList problems)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
                return new DocumentMap(new Position(file, 1, 1));
            parser.Consume<DocumentStart>();
            var before = problems.Count;
            var node = ReadNode(parser, file, 0, problems);
            if (node is null || problems.Count > before)
                return null;
            parser.Consume<DocumentEnd>();
            if (parser.Accept<DocumentStart>(out var second))
            {
                problems.Add(At(file, second.Start), "yaml.documents", "One document a file; a second begins here.");
                return null;
            }

            return node;
        }
        catch (YamlException wrong)
        {
            problems.Add(At(file, wrong.Start), "yaml.syntax", "This is no valid YAML: " + wrong.Message);
            return null;
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or ArgumentException)
        {
            // The library's scanner fails so on some broken flow scalars instead of saying what is wrong.
            problems.Add(
                At(file, parser.Current?.End ?? Mark.Empty),
                "yaml.syntax",
                "This is no valid YAML hereafter."
            );
            return null;
        }
    }

    private static DocumentNode? ReadNode(Parser parser, string file, int depth, ProblemList problems)
    {
        var next = parser.Current ?? throw new YamlException("The file ends too early.");
        var at = At(file, next.Start);
        if (depth > DocumentLimits.DepthMax)
        {
            problems.Add(at, "yaml.depth", $"Nested deeper than {DocumentLimits.DepthMax} levels.");
            return null;
        }

        if (next is AnchorAlias alias)
        {
            problems.Add(
                at,
                "yaml.alias",
                $"Aliases are not used in rule sets: write the value out ('*{alias.Value}')."
            );
            return null;
        }

        if (next is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            problems.Add(at, "yaml.alias", $"Anchors are not used in rule sets ('&{anchored.Anchor.Value}').");
            return null;
        }

        if (next is NodeEvent { Tag.IsEmpty: false } tagged)
        {
            problems.Add(at, "yaml.tag", $"Tags are not used in rule sets ('{tagged.Tag.Value}').");
            return null;
        }

        return next switch
        {
            Scalar => new DocumentText(at, parser.Consume<Scalar>().Value),
            SequenceStart => ReadList(parser, file, at, depth, problems),
            MappingStart => ReadMap(parser, file, at, depth, problems),
            _ => throw new YamlException(next.Start, next.End, "A value was expected."),
        };
    }

    private static DocumentList? ReadList(Parser parser, string file, Position at, int depth, ProblemList problems)
    {
        parser.Consume<SequenceStart>();
        var list = new DocumentList(at);
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            if (ReadNode(parser, file, depth + 1, problems) is not { } item)
                return null;
            list.Items.Add(item);
        }

        return list;
    }

    private static DocumentMap? ReadMap(Parser parser, string file, Position at, int depth, ProblemList problems)
    {
        parser.Consume<MappingStart>();
        var map = new DocumentMap(at);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var keyNode = ReadNode(parser, file, depth + 1, problems);
            if (keyNode is not DocumentText { Value: var key } || key == "<<")
            {
                if (keyNode is not null)
                    problems.Add(keyNode.At, "yaml.key", "A field's name is a plain text; merge keys are not used.");
                return null;
            }

            if (!keys.Add(key))
                problems.Add(keyNode.At, "yaml.duplicate-key", $"The field '{key}' stands here a second time.");
            if (ReadNode(parser, file, depth + 1, problems) is not { } value)
                return null;
            map.Entries.Add(new DocumentEntry(key, keyNode.At, value));
        }

        return map;
    }

    private static Position At(string file, Mark mark) => new(file, (int)mark.Line, (int)mark.Column);
}
