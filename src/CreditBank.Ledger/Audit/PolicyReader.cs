using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace CreditBank.Ledger.Audit;

/// <summary>
/// Reads policy files. Octets with the high bit set are opaque to the format, so lines are handled as Latin-1 and only
/// keys are read as the UTF-8 that they are.
/// </summary>
internal sealed class PolicyReader
{
    private const string None = "none";
    private static readonly char[] Blanks = [' ', '\t'];

    private readonly List<PolicyKey> logs = [];
    private readonly List<PolicyKey> witnesses = [];
    private readonly Dictionary<string, PolicyMember> members = [];
    private readonly HashSet<string> grouped = [];
    private string? quorum;

    /// <inheritdoc cref="TrustPolicy.TryParse"/>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes,
        [NotNullWhen(true)] out TrustPolicy? policy,
        [NotNullWhen(false)] out PolicyProblem? problem
    )
    {
        policy = null;
        var reader = new PolicyReader();
        var lines = Encoding.Latin1.GetString(bytes).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            // Only the rest after the last newline may be empty: every line ends in one.
            var code =
                i == lines.Length - 1 && lines[i].Length > 0 ? AuditProblem.PolicyMalformed : reader.Read(lines[i]);
            if (code is not null)
            {
                problem = new PolicyProblem(code, i + 1);
                return false;
            }
        }

        problem = reader.quorum is null ? new PolicyProblem(AuditProblem.PolicyMalformed, lines.Length) : null;
        policy = problem is null ? reader.ToPolicy() : null;
        return policy is not null;
    }

    private TrustPolicy ToPolicy() => new(logs, witnesses, members, quorum == None ? null : quorum);

    private string? Read(string line)
    {
        if (line.Any(character => character is (< ' ' and not '\t') or '\x7f'))
        {
            return AuditProblem.PolicyMalformed;
        }

        return line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries) switch
        {
            [] => null,
            [var word, ..] when word.StartsWith('#') => null,
            ["log", var vkey] => AddKey(logs, vkey, null),
            ["log", var vkey, var url] => AddKey(logs, vkey, url),
            ["witness", var name, var vkey] => AddWitness(name, vkey, null),
            ["witness", var name, var vkey, var url] => AddWitness(name, vkey, url),
            ["group", var name, var least, .. { Length: > 0 } names] => AddGroup(name, least, names),
            ["quorum", var name] => SetQuorum(name),
            _ => AuditProblem.PolicyMalformed,
        };
    }

    private static string? AddKey(List<PolicyKey> keys, string text, string? url)
    {
        var vkey = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text));
        if (!Vkey.TryParse(vkey, out var key, out var problem))
        {
            return problem;
        }

        if (keys.Any(other => other.Key.PublicKey.Span.SequenceEqual(key.PublicKey.Span)))
        {
            return AuditProblem.PolicyMalformed;
        }

        keys.Add(new PolicyKey(key, url));
        return null;
    }

    private string? AddWitness(string name, string text, string? url)
    {
        if (AddKey(witnesses, text, url) is { } problem)
        {
            return problem;
        }

        var key = witnesses[^1].Key;
        return key.Type != NoteKeyType.Cosignature ? AuditProblem.KeyType : Define(name, new PolicyMember(key, 0, []));
    }

    private string? AddGroup(string name, string least, string[] names)
    {
        var membersMin = least switch
        {
            "all" => names.Length,
            "any" => 1,
            _ => NoteText.TryReadNumber(least, out var number) && number <= names.Length ? (int)number : 0,
        };
        var isRight = membersMin > 0 && names.All(member => members.ContainsKey(member) && grouped.Add(member));
        return isRight ? Define(name, new PolicyMember(null, membersMin, names)) : AuditProblem.PolicyMalformed;
    }

    private string? SetQuorum(string name)
    {
        if (quorum is not null || (name != None && !members.ContainsKey(name)))
        {
            return AuditProblem.PolicyMalformed;
        }

        quorum = name;
        return null;
    }

    private string? Define(string name, PolicyMember member) =>
        name != None && members.TryAdd(name, member) ? null : AuditProblem.PolicyMalformed;
}
