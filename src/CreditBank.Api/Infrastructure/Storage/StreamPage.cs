namespace CreditBank.Api.Infrastructure.Storage;

/// <summary>
/// The pages of a stream, as of a paper ledger: so many versions each, so that sums can be brought forward from one to
/// the next.
/// </summary>
public static class StreamPage
{
    /// <summary>How many versions are one page.</summary>
    public const int Length = 32;

    /// <summary>Whether a version is the last of its page.</summary>
    /// <param name="version">A place in a stream, from 1.</param>
    public static bool IsFoot(long version) => version % Length == 0;

    /// <summary>The version at the foot of the page before; 0 on the first.</summary>
    /// <param name="version">A place in a stream, from 1.</param>
    public static long FootBefore(long version) => (version - 1) / Length * Length;
}
