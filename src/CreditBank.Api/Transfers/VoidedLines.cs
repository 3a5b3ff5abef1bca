using CreditBank.Api.Evaluations;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;

namespace CreditBank.Api.Transfers;

/// <summary>
/// Shows a proposal with the lines that no longer stand. The stored proposal stays what it was. Pure.
/// </summary>
internal static class VoidedLines
{
    /// <summary>
    /// The proposal with those lines as misses; without its sums once there are any, which were of all its lines.
    /// </summary>
    public static ProposalBody Mark(ProposalBody proposal, IReadOnlyList<VoidedLine> voided, Language language)
    {
        if (voided.Count == 0)
        {
            return proposal;
        }

        var causes = voided.ToDictionary(line => line.Line, line => line.Cause);
        return proposal with { Lines = [.. proposal.Lines.Select(Marked)], Totals = null, Caps = null };

        ProposalLineBody Marked(ProposalLineBody line) =>
            causes.TryGetValue(line.Line, out var cause)
                ? line with
                {
                    Result = LineResults.Miss,
                    Code = VoidedLine.CodeOf(cause),
                    GrantedCredits = Credits.Zero,
                    WouldGrantCredits = Credits.Zero,
                    ForfeitedCredits = Credits.Zero,
                    RetainedCredits = line.SourceCredits,
                    Explanation = TextOf(cause).In(language),
                    Next = Next.In(language),
                }
                : line;
    }

    private static BilingualText TextOf(string cause) =>
        cause switch
        {
            UnwindingCauses.Varied => TakenBack,
            UnwindingCauses.Merged => FilledTwice,
            _ => Explanation,
        };

    private static readonly BilingualText FilledTwice = new(
        "合并前的两个账户均已获授该课程，本行已撤回。",
        "Two accounts of one person had filled the course; the line was taken back after they were merged."
    );

    private static readonly BilingualText Explanation = new(
        "所依据的成果已更正、撤回或撤销，本行不再成立。",
        "An outcome in this line was corrected, withdrawn or revoked; the line no longer stands."
    );

    private static readonly BilingualText TakenBack = new(
        "申诉裁决撤回了本行。",
        "A panel took the line back when it decided an appeal."
    );

    private static readonly BilingualText Next = new(
        "可就其余学分重新提出申请。",
        "Submit a new transfer for what is available."
    );
}
