namespace CreditBank.Ledger.Audit;

/// <summary>A log or a witness of a policy.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Url">Where it is reached; none when the policy does not say.</param>
public sealed record PolicyKey(Vkey Key, string? Url);

/// <summary>Why a text is not a policy.</summary>
/// <param name="Code"><see cref="AuditProblem.PolicyMalformed"/> or what is wrong with a key.</param>
/// <param name="Line">The line, from one; after the last one when something is missing.</param>
public sealed record PolicyProblem(string Code, int Line);

/// <summary>What a name of a policy stands for: a witness, or a group of which so many must have cosigned.</summary>
internal sealed record PolicyMember(Vkey? Key, int MembersMin, IReadOnlyList<string> Members);
