using CreditBank.Ledger.Audit;

namespace CreditBank.Verifier;

/// <summary>One line of a book's events, read and hashed.</summary>
/// <param name="Hash">The leaf hash of the line's bytes.</param>
/// <param name="Leaf">The leaf; not to be used when there is a problem.</param>
/// <param name="Data">The event; none when nobody needs its payload, or when it could not be read.</param>
/// <param name="ProblemCode">What is wrong with the line itself; none when nothing is.</param>
internal readonly record struct ReadEvent(MerkleHash Hash, Leaf Leaf, object? Data, string? ProblemCode);
