namespace CreditBank.Verifier;

/// <summary>Something that does not hold.</summary>
/// <param name="Code">What, stable: <c>verify.leaf.changed</c> ...</param>
/// <param name="Log">The log it is in; none where it concerns the whole export.</param>
/// <param name="Index">The leaf, or the size of a checkpoint; none where it has no place.</param>
/// <param name="EventId">The event, where it is known.</param>
/// <param name="Text">What a person reads.</param>
public sealed record Finding(string Code, string? Log, long? Index, Guid? EventId, string Text);

/// <summary>The codes of findings.</summary>
internal static class FindingCodes
{
    public const string ExportIncomplete = "verify.export.incomplete";
    public const string Signature = "verify.checkpoint.signature";
    public const string Root = "verify.checkpoint.root";
    public const string RolledBack = "verify.log.rolled-back";
    public const string Forked = "verify.log.forked";
    public const string LeafChanged = "verify.leaf.changed";
    public const string LeafMalformed = "verify.leaf.malformed";
    public const string LeafMissing = "verify.leaf.missing";
    public const string LeafExtra = "verify.leaf.extra";
    public const string TileChanged = "verify.tile.changed";
    public const string TileMissing = "verify.tile.missing";
    public const string Unlogged = "verify.event.unlogged";
    public const string StreamOrder = "verify.stream.order";
    public const string SequenceOrder = "verify.sequence.order";
    public const string EventUnknown = "verify.event.unknown";
    public const string Unbalanced = "verify.journal.unbalanced";
    public const string Negative = "verify.balance.negative";
    public const string RuleSet = "verify.rule-set.changed";
    public const string Document = "verify.document.changed";
    public const string Recognition = "verify.recognition.differs";
    public const string Evaluation = "verify.evaluation.differs";
    public const string Conversion = "verify.conversion.differs";
}
