using System.Text.RegularExpressions;
using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy.Checks;

/// <summary>Calls and types that break a promise of the ledger: by what they are, where they stand, and why.</summary>
internal static class ForbiddenCalls
{
    private const string HistoryReason = "events are never rewritten, hidden or removed: append a correcting event";
    private const string DecisionReason = "a decision gives the same answer tomorrow: take the value as an argument";

    private static readonly ForbiddenCall[] All =
    [
        new("wall-clock", Anywhere, @"\bDateTime(Offset)?\s*\.\s*(Now|UtcNow|Today)\b", "ask the injected IClock"),
        new("date-type", InService, @"\bDateTime(Offset)?\b", "use Instant for a moment and LocalDate for a day"),
        new(
            "wall-clock",
            OutsideComposition,
            @"\bSystemClock\s*\.\s*Instance\b|\bTimeProvider\s*\.\s*System\b",
            "only Composition chooses the clock; take an IClock or an Instant"
        ),
        new(
            "clock-in-decision",
            InDecision,
            @"\b(IClock|GetCurrentInstant|TimeProvider|Stopwatch|TickCount|TickCount64)\b",
            DecisionReason
        ),
        new(
            "chance-in-decision",
            InDecision,
            @"\bNewGuid\b|\bCreateVersion7\b|\bRandom\b|\bRandomNumberGenerator\b|\bGetRandomFileName\b",
            DecisionReason
        ),
        new("floating-point", InService, @"\b(double|float)\b", "credits are exact: use Credits, decimal or integers"),
        new(
            "floating-point",
            InService,
            @"(?<![\w.])\d[\d_]*(\.\d[\d_]*)?([eE][+-]?\d+)?[fFdD]\b|(?<![\w.])\d[\d_]*\.\d[\d_]*(?![\d_.]*[\w.])",
            "a literal without m is a double: write 1.5m"
        ),
        new(
            "history",
            Anywhere,
            @"\b(OverwriteEvent|CompletelyReplaceEvent|CompactStreamAsync|StreamCompactingRequest|TombstoneStream"
                + @"|EnqueueTombstones|ApplyEventDataMasking|AddMaskingRuleForProtectedInformation|MaskEventPayload"
                + @"|(Un)?ArchiveStream|DeleteStream|MarkEventsAsSkipped|DeleteAllTenantDataAsync"
                + @"|RemoveTenantAsync|RemoveMartenManagedTenantsAsync|RemoveTenantFromShardAsync)\b"
                + @"|\bnew\s+Archived\s*\(",
            HistoryReason
        ),
        new(
            "history",
            InService,
            @"\bAdvanced\s*\.\s*Clean\b|\bIDocumentCleaner\b|\b(ResetAllMartenDataAsync|CleanAllMartenDataAsync"
                + @"|ResetAllData|DeleteAllEventDataAsync|DeleteSingleEventStreamAsync|DeleteExistingDataAsync"
                + @"|DeleteAllDocumentsAsync|CompletelyRemoveAsync|CompletelyRemoveAllAsync)\b",
            "only tests may empty a store"
        ),
        new(
            "history",
            InService,
            @"(?i)\b(update|delete\s+from|truncate(\s+table)?|drop\s+table)\s+(only\s+|if\s+exists\s+)?[\w."
                + @"""{}]*mt_(events|streams)\b",
            HistoryReason,
            InLiterals: true
        ),
        new(
            "sleeping",
            InTests,
            @"\bThread\s*\.\s*Sleep\b|\bTask\s*\.\s*Delay\b|\bSpinWait\b",
            "wait for the thing itself: a task, a signal, or the daemon's own waiting methods"
        ),
    ];

    public static IEnumerable<Finding> Find(IReadOnlyList<RepositoryFile> files) =>
        from file in files
        where file.IsSource
        from call in All
        where call.Where(file)
        let view = call.InLiterals ? file.Source.Literals : file.Source.Code
        from finding in Finding.ForMatches(call.Rule, file, view, call.What, call.Reason)
        select finding;

    private static bool Anywhere(RepositoryFile file) => true;

    private static bool InService(RepositoryFile file) => file.IsIn("src/");

    private static bool InTests(RepositoryFile file) => file.IsIn("tests/");

    private static bool OutsideComposition(RepositoryFile file) =>
        file.IsIn("src/") && !file.IsIn("src/CreditBank.Api/Composition/");

    private static bool InDecision(RepositoryFile file) => DecisionFiles.Includes(file);

    private sealed record ForbiddenCall(
        string Rule,
        Func<RepositoryFile, bool> Where,
        string Pattern,
        string Reason,
        bool InLiterals = false
    )
    {
        public Regex What { get; } = new(Pattern);
    }
}
