using System.Globalization;
using System.Text;

namespace CreditBank.Ledger.Tests.Audit;

/// <summary>
/// Random JSON values as plain objects, many spellings of each, and a reference for their canonical form that is as
/// plain as possible: sort by ordinal comparison of strings, which is that of UTF-16 code units.
/// </summary>
internal static class JsonValues
{
    private static readonly string[] Characters =
    [
        "a",
        "b",
        "Z",
        "0",
        " ",
        "\"",
        "\\",
        "/",
        "\b",
        "\t",
        "\n",
        "\f",
        "\r",
        "\u0000",
        "\u001f",
        "\u007f",
        "é",
        "学",
        "\ud7ff",
        "\ue000",
        "\ufb33",
        "\uffff",
        "\ufeff",
        "😀",
        "𠮷",
        "\U0010ffff",
    ];

    public static object? Random(Random random, int depth) =>
        random.Next(depth > 0 ? 7 : 5) switch
        {
            0 => null,
            1 => random.Next(2) == 0,
            2 => random.NextInt64(-9007199254740991, 9007199254740992),
            3 => (long)random.Next(-3, 4),
            4 => Text(random),
            5 => Enumerable.Range(0, random.Next(5)).Select(_ => Random(random, depth - 1)).ToList(),
            _ => Enumerable
                .Range(0, random.Next(7))
                .Select(_ => Text(random))
                .Distinct()
                .ToDictionary(name => name, _ => Random(random, depth - 1)),
        };

    public static string Reference(object? value) =>
        value switch
        {
            null => "null",
            bool truth => truth ? "true" : "false",
            long number => number.ToString(CultureInfo.InvariantCulture),
            string text => $"\"{string.Concat(text.Select(Escaped))}\"",
            List<object?> items => $"[{string.Join(',', items.Select(Reference))}]",
            Dictionary<string, object?> members =>
                $"{{{string.Join(
                ',',
                members
                    .OrderBy(member => member.Key, StringComparer.Ordinal)
                    .Select(member => $"{Reference(member.Key)}:{Reference(member.Value)}")
            )}}}",
            _ => throw new ArgumentOutOfRangeException(nameof(value)),
        };

    public static string Spell(object? value, Random random) =>
        Blank(random)
        + value switch
        {
            string text => SpellText(text, random),
            List<object?> items => $"[{string.Join(',', items.Select(item => Spell(item, random)))}{Blank(random)}]",
            Dictionary<string, object?> members =>
                $"{{{string.Join(
                ',',
                members
                    .OrderBy(_ => random.Next())
                    .Select(member => $"{Blank(random)}{SpellText(member.Key, random)}:{Spell(member.Value, random)}")
            )}}}",
            _ => Reference(value),
        }
        + Blank(random);

    private static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => Characters[random.Next(Characters.Length)]));

    private static string Blank(Random random) => random.Next(4) == 0 ? " \t\r\n"[random.Next(4)].ToString() : "";

    private static string SpellText(string text, Random random)
    {
        var spelled = new StringBuilder("\"");
        var escapesAll = random.Next(3) == 0;
        foreach (var character in text)
        {
            var mustEscape = character is '"' or '\\' or < ' ';
            spelled.Append(mustEscape || escapesAll ? $"\\u{(int)character:X4}" : character.ToString());
        }

        return spelled.Append('"').ToString();
    }

    private static string Escaped(char character) =>
        character switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\b' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\f' => "\\f",
            '\r' => "\\r",
            < ' ' => $"\\u{(int)character:x4}",
            _ => character.ToString(),
        };
}
