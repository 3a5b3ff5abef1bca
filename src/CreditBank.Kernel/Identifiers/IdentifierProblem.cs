namespace CreditBank.Kernel.Identifiers;

/// <summary>
/// The stable codes that say why a text is not an identifier. They become refusal codes as they stand.
/// </summary>
public static class IdentifierProblem
{
    /// <summary>Wrong length, or a character that has no place there (full-width digits included).</summary>
    public const string Shape = "identifier.shape";

    /// <summary>The right shape, but its check character says that something was mistyped.</summary>
    public const string Checksum = "identifier.checksum";

    /// <summary>It names a day that no calendar has, or one before 1800.</summary>
    public const string Date = "identifier.date";

    /// <summary>It names a day of birth after the day that was given as today.</summary>
    public const string Future = "identifier.future";
}
