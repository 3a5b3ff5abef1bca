using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>
/// What the rules propose; a person decides. Lines are ordered by result (match, maybe, miss), then by outcome ids.
/// Totals are in standard credit; lines carry the source's own unit as well (rulings 15).
/// </summary>
public sealed record Proposal
{
    /// <summary>The version in the lead: it set the binding policy, the caps and the objective.</summary>
    public required RuleSetReference RuleSet { get; init; }

    /// <summary>
    /// Whether the search proved this the best result; false when the stated number of nodes ran out.
    /// </summary>
    public required bool Optimal { get; init; }

    /// <summary>One line per use of outcomes; every outcome of the request stands in exactly one line.</summary>
    public required IReadOnlyList<ProposalLine> Lines { get; init; }

    /// <summary>The sums over match lines, in standard credit.</summary>
    public required ProposalTotals Totals { get; init; }

    /// <summary>Every cap that counted something, with what is left of it.</summary>
    public required IReadOnlyList<CapUse> Caps { get; init; }

    /// <summary>The whole reasoning as stable JSON text; the same input gives the same bytes.</summary>
    public required string Trace { get; init; }

    /// <summary>SHA-256 of the trace's UTF-8 bytes, lower-case hexadecimal.</summary>
    public required string TraceHash { get; init; }
}

/// <summary>Names a rule set by version and content.</summary>
/// <param name="Version">Such as <c>sqf-2016.1</c>.</param>
/// <param name="Hash">SHA-256 of its canonical JSON, lower-case hexadecimal.</param>
public sealed record RuleSetReference(string Version, string Hash);

/// <summary>The sums of a proposal in standard credit; <c>SourceDebited = Granted + Forfeited</c> where the source is
/// worth what it becomes.</summary>
/// <param name="SourceDebited">What match lines take from the learner's outcomes.</param>
/// <param name="Granted">What the programme grants.</param>
/// <param name="Forfeited">What is taken and becomes nothing.</param>
/// <param name="Retained">What stays available of the outcomes used.</param>
public sealed record ProposalTotals(Credits SourceDebited, Credits Granted, Credits Forfeited, Credits Retained);

/// <summary>How much of a cap is used, earlier grants included.</summary>
/// <param name="Clause">The cap's clause.</param>
/// <param name="Scope">What it was counted for: an institution, a term; none where it counts all.</param>
/// <param name="Limit">The most (inclusive), in standard credit or in items.</param>
/// <param name="Used">What counts towards it.</param>
/// <param name="Left">Never negative.</param>
public sealed record CapUse(string Clause, string? Scope, Credits Limit, Credits Used, Credits Left);

/// <summary>
/// The three results. None of them is silent: maybe and miss carry a code, clauses and a way forward.
/// </summary>
public enum LineResult
{
    /// <summary>The rules grant it.</summary>
    Match,

    /// <summary>A person must decide.</summary>
    Maybe,

    /// <summary>The rules refuse it.</summary>
    Miss,
}

/// <summary>One line of a proposal.</summary>
public sealed record ProposalLine
{
    /// <summary>Counted from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The outcomes it uses, in ordinal order.</summary>
    public required IReadOnlyList<string> OutcomeIds { get; init; }

    /// <summary>
    /// The programme's courses it fills or would fill; empty for unspecified credit or where no rule exists.
    /// </summary>
    public required IReadOnlyList<string> CourseCodes { get; init; }

    /// <summary>Match, maybe or miss.</summary>
    public required LineResult Result { get; init; }

    /// <summary>What the outcomes bring, in <see cref="SourceUnit"/>.</summary>
    public required Credits SourceCredits { get; init; }

    /// <summary>The source's unit; the standard unit where several outcomes differ.</summary>
    public required string SourceUnit { get; init; }

    /// <summary>What is granted, in standard credit; zero unless match.</summary>
    public required Credits GrantedCredits { get; init; }

    /// <summary>What a person's yes would grant, in standard credit; equals the granted credits on a match.</summary>
    public required Credits WouldGrantCredits { get; init; }

    /// <summary>What is debited and becomes nothing, in <see cref="SourceUnit"/>.</summary>
    public required Credits ForfeitedCredits { get; init; }

    /// <summary>What stays available, in <see cref="SourceUnit"/>.</summary>
    public required Credits RetainedCredits { get; init; }

    /// <summary>The version that decided this line.</summary>
    public required string RuleSetVersion { get; init; }

    /// <summary>One of <see cref="LineCodes"/>, or the code of a refusing clause.</summary>
    public required string Code { get; init; }

    /// <summary>The clauses that decided, the decisive one first.</summary>
    public required IReadOnlyList<Citation> Clauses { get; init; }

    /// <summary>The decision in a person's words.</summary>
    public required BilingualText Explanation { get; init; }

    /// <summary>The way forward; none on a full match.</summary>
    public BilingualText? Next { get; init; }

    /// <summary>What to post per outcome when the line is approved; empty unless match.</summary>
    public required IReadOnlyList<OutcomeDebit> Debits { get; init; }

    /// <summary>What to hold per outcome while the transfer is open: match and maybe lines.</summary>
    public required IReadOnlyList<OutcomeHold> Holds { get; init; }

    /// <summary>
    /// The kind of the first outcome, for the caps of later evaluations (<see cref="GrantedLine.Kind"/>).
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>The category the grant counts in.</summary>
    public string? Category { get; init; }

    /// <summary>
    /// The grant per course or block, in standard credit; what <see cref="EvaluationRequest.Granted"/> wants later.
    /// </summary>
    public required IReadOnlyList<GrantedLine> Grants { get; init; }
}

/// <summary>What one outcome pays for a line: debited = converted + forfeited, in the outcome's unit.</summary>
/// <param name="OutcomeId">The outcome.</param>
/// <param name="Unit">The outcome's unit.</param>
/// <param name="Converted">What becomes credit of the programme.</param>
/// <param name="Forfeited">What becomes nothing.</param>
public sealed record OutcomeDebit(string OutcomeId, string Unit, Credits Converted, Credits Forfeited);

/// <summary>What to hold of one outcome.</summary>
/// <param name="OutcomeId">The outcome.</param>
/// <param name="Unit">The outcome's unit.</param>
/// <param name="Amount">In that unit.</param>
public sealed record OutcomeHold(string OutcomeId, string Unit, Credits Amount);
