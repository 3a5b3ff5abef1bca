using NodaTime;

namespace CreditBank.Ledger.Audit;

/// <summary>A signature that was checked and is right.</summary>
/// <param name="Key">Whose it is.</param>
/// <param name="CosignedAt">When the witness says that it cosigned, in whole seconds; none on other signatures.</param>
public sealed record VerifiedSignature(Vkey Key, Instant? CosignedAt);
