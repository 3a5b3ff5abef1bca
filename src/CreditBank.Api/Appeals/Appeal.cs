using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Appeals;

/// <summary>An appeal as it stands: a part of the transfer it is about.</summary>
public sealed record Appeal
{
    /// <summary>The appeal, unique within the transfer.</summary>
    public required string Id { get; init; }

    /// <summary>One of <see cref="AppealStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>The grounds, in the vault.</summary>
    public required string NoteId { get; init; }

    /// <summary>SHA-256 of what was sent along.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>The day it was filed.</summary>
    public required LocalDate FiledOn { get; init; }

    /// <summary>The last day, inclusive, on which the panel should say whether it is admitted.</summary>
    public required LocalDate AnswerDueOn { get; init; }

    /// <summary>The reason of the answer, in the vault; none before it, or when it was decided at once.</summary>
    public string? AnswerNoteId { get; init; }

    /// <summary>The day of the answer.</summary>
    public LocalDate? AnsweredOn { get; init; }

    /// <summary>The reason of the decision, in the vault.</summary>
    public string? DecisionNoteId { get; init; }

    /// <summary>The day of the decision.</summary>
    public LocalDate? DecidedOn { get; init; }

    /// <summary>The first state.</summary>
    public static Appeal Of(AppealFiled filed) =>
        new()
        {
            Id = filed.AppealId,
            State = AppealStates.Filed,
            NoteId = filed.NoteId,
            Evidence = filed.Evidence,
            FiledOn = filed.FiledOn,
            AnswerDueOn = filed.AnswerDueOn,
        };

    /// <summary>The vault's notes it names.</summary>
    public IEnumerable<string> NoteIds() => new[] { NoteId, AnswerNoteId, DecisionNoteId }.OfType<string>();
}

/// <summary>The states of an appeal.</summary>
public static class AppealStates
{
    /// <summary>It waits for the panel.</summary>
    public const string Filed = "filed";

    /// <summary>The panel took it up and has not decided yet.</summary>
    public const string Admitted = "admitted";

    /// <summary>The panel did not take it up; the decision stands.</summary>
    public const string Dismissed = "dismissed";

    /// <summary>The decision stands.</summary>
    public const string Upheld = "upheld";

    /// <summary>The panel granted more, at once.</summary>
    public const string Varied = "varied";

    /// <summary>The transfer is open again.</summary>
    public const string Remanded = "remanded";

    /// <summary>All states.</summary>
    public static readonly IReadOnlyList<string> All = [Filed, Admitted, Dismissed, Upheld, Varied, Remanded];

    /// <summary>Whether the panel is next.</summary>
    public static bool IsOpen(string state) => state is Filed or Admitted;
}

/// <summary>What a panel can decide.</summary>
public static class AppealDecisions
{
    /// <summary>The decision stands.</summary>
    public const string Uphold = "uphold";

    /// <summary>The panel itself grants lines that were not, and may take back others for them.</summary>
    public const string Vary = "vary";

    /// <summary>The receiver evaluates and decides again.</summary>
    public const string Remand = "remand";

    /// <summary>All decisions.</summary>
    public static readonly IReadOnlyList<string> All = [Uphold, Vary, Remand];

    /// <summary>The state that a decision leads to.</summary>
    public static string StateOf(string decision) =>
        decision switch
        {
            Uphold => AppealStates.Upheld,
            Vary => AppealStates.Varied,
            Remand => AppealStates.Remanded,
            _ => throw new ArgumentOutOfRangeException(nameof(decision), decision, null),
        };
}
