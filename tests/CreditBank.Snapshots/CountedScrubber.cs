using System.Text.RegularExpressions;

namespace CreditBank.Snapshots;

/// <summary>Replaces what changes by a name and a number, the same one wherever the same value stands.</summary>
internal sealed record CountedScrubber(string Name, Regex Pattern)
{
    public string Apply(string text)
    {
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        return Pattern.Replace(
            text,
            match =>
            {
                seen.TryAdd(match.Value, seen.Count + 1);
                return FormattableString.Invariant($"{Name}_{seen[match.Value]}");
            }
        );
    }
}
