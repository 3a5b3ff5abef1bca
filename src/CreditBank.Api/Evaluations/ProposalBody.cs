using CreditBank.Api.Infrastructure.Http;
using CreditBank.Kernel;
using CreditBank.Rules;

namespace CreditBank.Api.Evaluations;

/// <summary>
/// What the rules propose; a person decides. Amounts of lines are in the source's unit unless said otherwise.
/// </summary>
/// <param name="RuleSet">The version in the lead.</param>
/// <param name="Optimal">Whether this is proven the best result.</param>
/// <param name="Lines">One line per use of outcomes: match, then maybe, then miss.</param>
/// <param name="Totals">The sums over match lines in standard credit; missing where only some lines are
/// shown.</param>
/// <param name="Caps">Every cap that counted something; missing where only some lines are shown.</param>
/// <param name="TraceHash">SHA-256 of the whole reasoning.</param>
public sealed record ProposalBody(
    RuleSetReference RuleSet,
    bool Optimal,
    IReadOnlyList<ProposalLineBody> Lines,
    ProposalTotals? Totals,
    IReadOnlyList<CapUse>? Caps,
    string TraceHash
)
{
    /// <summary>The body of a proposal in a language.</summary>
    public static ProposalBody Of(Proposal proposal, Language language) =>
        new(
            proposal.RuleSet,
            proposal.Optimal,
            [.. proposal.Lines.Select(line => ProposalLineBody.Of(line, language))],
            proposal.Totals,
            proposal.Caps,
            proposal.TraceHash
        );
}

/// <summary>One line of a proposal.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="OutcomeIds">The outcomes it uses.</param>
/// <param name="CourseCodes">The programme's courses it fills or would fill.</param>
/// <param name="Result"><c>match</c>, <c>maybe</c> or <c>miss</c>.</param>
/// <param name="SourceCredits">What the outcomes bring, in <paramref name="SourceUnit"/>.</param>
/// <param name="SourceUnit">The source's unit; the standard unit where several outcomes differ.</param>
/// <param name="GrantedCredits">What is granted, in standard credit.</param>
/// <param name="WouldGrantCredits">What a person's yes would grant, in standard credit.</param>
/// <param name="ForfeitedCredits">What is debited and becomes nothing, in <paramref name="SourceUnit"/>.</param>
/// <param name="RetainedCredits">What stays available, in <paramref name="SourceUnit"/>.</param>
/// <param name="RuleSetVersion">The version that decided this line.</param>
/// <param name="Code">Stable.</param>
/// <param name="Clauses">The clauses that decided, the decisive one first.</param>
/// <param name="Explanation">The decision in words.</param>
/// <param name="Next">The way forward; missing on a full match.</param>
public sealed record ProposalLineBody(
    int Line,
    IReadOnlyList<string> OutcomeIds,
    IReadOnlyList<string> CourseCodes,
    string Result,
    Credits SourceCredits,
    string SourceUnit,
    Credits GrantedCredits,
    Credits WouldGrantCredits,
    Credits ForfeitedCredits,
    Credits RetainedCredits,
    string RuleSetVersion,
    string Code,
    IReadOnlyList<Citation> Clauses,
    string Explanation,
    string? Next
)
{
    /// <summary>The body of a line in a language.</summary>
    public static ProposalLineBody Of(ProposalLine line, Language language) =>
        new(
            line.Line,
            line.OutcomeIds,
            line.CourseCodes,
            LineResults.Of(line.Result),
            line.SourceCredits,
            line.SourceUnit,
            line.GrantedCredits,
            line.WouldGrantCredits,
            line.ForfeitedCredits,
            line.RetainedCredits,
            line.RuleSetVersion,
            line.Code,
            line.Clauses,
            line.Explanation.In(language),
            line.Next?.In(language)
        );
}

/// <summary>The three results as words of the contract.</summary>
public static class LineResults
{
    /// <summary>The rules grant it.</summary>
    public const string Match = "match";

    /// <summary>A person must decide.</summary>
    public const string Maybe = "maybe";

    /// <summary>The rules refuse it.</summary>
    public const string Miss = "miss";

    /// <summary>The word of a result.</summary>
    public static string Of(LineResult result) =>
        result switch
        {
            LineResult.Match => Match,
            LineResult.Maybe => Maybe,
            LineResult.Miss => Miss,
            _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
        };
}
