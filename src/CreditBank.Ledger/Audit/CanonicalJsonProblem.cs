namespace CreditBank.Ledger.Audit;

/// <summary>Why a JSON text has no canonical bytes under rulings 6.</summary>
/// <param name="Code">One of the <c>Json</c> codes of <see cref="AuditProblem"/>.</param>
/// <param name="Position">
/// The byte at which the token begins that cannot be written, from zero; for a name twice, the end of its object; for
/// bytes that are no UTF-8, the first of them.
/// </param>
public readonly record struct CanonicalJsonProblem(string Code, long Position);
