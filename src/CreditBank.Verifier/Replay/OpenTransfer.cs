using CreditBank.Ledger.Events;
using CreditBank.Rules;

namespace CreditBank.Verifier;

/// <summary>A transfer as its events tell it so far.</summary>
internal sealed class OpenTransfer(TransferSubmitted submitted)
{
    private const string Grant = "grant";
    private const string Match = "match";
    private const string Miss = "miss";

    private readonly HashSet<int> approved = [];
    private readonly HashSet<int> done = [];
    private readonly HashSet<int> takenBack = [];
    private IReadOnlyList<string>? reopened;

    /// <summary>What was asked for.</summary>
    public TransferSubmitted Submitted => submitted;

    /// <summary>The newest evaluation; none before the first.</summary>
    public TransferEvaluated? Evaluated { get; private set; }

    /// <summary>Whether its credit was posted; the order of the two streams within that commit is not fixed.</summary>
    public bool IsConverted { get; set; }

    /// <summary>What people decided, in order.</summary>
    public List<MaybeLineDecision> Decisions { get; } = [];

    /// <summary>The lines people decided since the newest evaluation; the next one takes them into account.</summary>
    public List<MaybeLineDecision> Fresh { get; } = [];

    /// <summary>The outcomes that are still in play.</summary>
    public IReadOnlyList<string> InPlay =>
        reopened
        ?? (
            Evaluated is null
                ? submitted.OutcomeIds
                :
                [
                    .. Evaluated
                        .Lines.Where(line => line.Result != Miss && !done.Contains(line.Line))
                        .SelectMany(line => line.OutcomeIds)
                        .Distinct(),
                ]
        );

    /// <summary>Whether a line of an earlier round stands beside this one.</summary>
    public bool IsDone(int line) => done.Contains(line);

    /// <summary>Whether a panel took a line back; the account's stream says so later in the same commit.</summary>
    public bool IsTakenBack(int line) => takenBack.Contains(line);

    /// <summary>What the rules must respect: what was granted before, and what was decided just now.</summary>
    public IReadOnlyList<LineDecision> ForRules() =>
        [
            .. Decisions
                .Where(decision => decision.Decision == Grant && !done.Contains(decision.Line))
                .Where(decision => LineOf(decision.Line) is { Result: Match })
                .Select(decision => Accept(decision, LineOf(decision.Line)!)),
            .. Fresh
                .Where(decision => LineOf(decision.Line) is not null)
                .Select(decision => Verdict(decision, LineOf(decision.Line)!)),
        ];

    /// <summary>A line of the newest evaluation.</summary>
    public ProposedLine? LineOf(int number) => Evaluated?.Lines.FirstOrDefault(line => line.Line == number);

    /// <summary>People decided.</summary>
    public void Decide(MaybeLinesDecided decided) => Fresh.AddRange(decided.Lines);

    /// <summary>The rules proposed.</summary>
    public void Evaluate(TransferEvaluated evaluated)
    {
        Decisions.AddRange(Fresh);
        Fresh.Clear();
        Evaluated = evaluated;
        reopened = null;
    }

    /// <summary>Lines were approved; they are done when another round begins.</summary>
    public void Approve(TransferApproved lines) => approved.UnionWith(lines.Lines);

    /// <summary>Another round begins over these outcomes.</summary>
    public void Reopen(TransferReopened again)
    {
        reopened = again.OutcomeIds;
        done.UnionWith(approved);
        done.ExceptWith(takenBack);
        IsConverted = false;
    }

    /// <summary>Lines that no longer stand are out of play.</summary>
    public void Void(TransferLinesVoided voided)
    {
        if (voided.Cause == UnwindingCauses.Varied)
        {
            takenBack.UnionWith(voided.Lines);
        }

        Evaluated = Evaluated is null
            ? null
            : Evaluated with
            {
                Lines =
                [
                    .. Evaluated.Lines.Select(line =>
                        voided.Lines.Contains(line.Line) ? line with { Result = Miss } : line
                    ),
                ],
            };
    }

    private static LineDecision Accept(MaybeLineDecision decision, ProposedLine line) =>
        new()
        {
            OutcomeIds = line.OutcomeIds,
            CourseCodes = decision.CourseCodes,
            Accepted = true,
            Similarity = decision.Similarity,
            ReasonRef = decision.NoteId,
        };

    private static LineDecision Verdict(MaybeLineDecision decision, ProposedLine line) =>
        new()
        {
            OutcomeIds = line.OutcomeIds,
            CourseCodes = decision.Decision == Grant ? decision.CourseCodes : [],
            Accepted = decision.Decision == Grant,
            Similarity = decision.Similarity,
            ReasonRef = decision.NoteId,
        };
}
