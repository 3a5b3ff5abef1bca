using System.Globalization;
using System.Text;

namespace CreditBank.Kernel.Identifiers;

/// <summary>
/// The compatibility decomposition of Unicode (NFKD, UAX 15), from a table of our own. Two texts have the same
/// decomposition exactly when they have the same NFKC form.
/// </summary>
/// <remarks>
/// <see cref="string.Normalize()"/> cannot be used: with invariant globalization it returns its input unchanged, and
/// with the machine's ICU the answer would depend on the machine.
/// </remarks>
public static class CompatibilityText
{
    private const int HangulFirst = 0xAC00;
    private const int HangulCount = 11172;
    private const int VowelFirst = 0x1161;
    private const int VowelCount = 21;
    private const int TrailingFirst = 0x11A7;
    private const int TrailingCount = 28;

    private static readonly Lazy<Tables> Unicode = new(Load);

    /// <summary>The code points of the text, decomposed and in canonical order.</summary>
    public static List<Rune> Decompose(string text)
    {
        var (decompositions, classes) = Unicode.Value;
        var runes = new List<Rune>(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            if (decompositions.TryGetValue(rune.Value, out var parts))
            {
                runes.AddRange(parts);
            }
            else if (rune.Value is >= HangulFirst and < HangulFirst + HangulCount)
            {
                AddSyllable(runes, rune.Value - HangulFirst);
            }
            else
            {
                runes.Add(rune);
            }
        }

        Order(runes, classes);
        return runes;
    }

    private static void AddSyllable(List<Rune> runes, int index)
    {
        runes.Add(new Rune(0x1100 + index / (VowelCount * TrailingCount)));
        runes.Add(new Rune(VowelFirst + index / TrailingCount % VowelCount));
        if (index % TrailingCount is var trailing and > 0)
        {
            runes.Add(new Rune(TrailingFirst + trailing));
        }
    }

    /// <summary>Sorts each run of combining marks by class, and leaves marks of one class in their order.</summary>
    private static void Order(List<Rune> runes, Dictionary<int, byte> classes)
    {
        for (var i = 1; i < runes.Count; i++)
        {
            var rune = runes[i];
            var rank = classes.GetValueOrDefault(rune.Value);
            var to = i;
            while (rank > 0 && to > 0 && classes.GetValueOrDefault(runes[to - 1].Value) > rank)
            {
                runes[to] = runes[to - 1];
                to--;
            }

            runes[to] = rune;
        }
    }

    private static Tables Load()
    {
        var tables = new Tables([], []);
        using var stream =
            typeof(CompatibilityText).Assembly.GetManifestResourceStream("CreditBank.Kernel.decompositions.txt")
            ?? throw new InvalidOperationException("The table of decompositions is missing from the assembly.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                foreach (var entry in line.Split(' '))
                {
                    tables.Add(entry);
                }
            }
        }

        return tables;
    }

    private sealed record Tables(Dictionary<int, Rune[]> Decompositions, Dictionary<int, byte> Classes)
    {
        public void Add(string entry)
        {
            if (entry.Split('=') is [var code, var parts])
            {
                Decompositions.Add(Code(code), [.. parts.Split('+').Select(part => new Rune(Code(part)))]);
                return;
            }

            var (range, rank) = (entry.Split(':')[0].Split('-'), byte.Parse(entry.Split(':')[1], null));
            for (var mark = Code(range[0]); mark <= Code(range[^1]); mark++)
            {
                Classes.Add(mark, rank);
            }
        }

        private static int Code(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
