using System.Globalization;
using CreditBank.Api.Accounts;
using CreditBank.Ledger.Journal;

namespace CreditBank.Api.Audit;

/// <summary>
/// Compares the balances that storage keeps with those recomputed from the events. Pure; counts as it goes.
/// </summary>
public sealed class BalanceComparison
{
    private readonly List<ReplayDifference> differences = [];

    /// <summary>Figures compared so far.</summary>
    public long FiguresCompared { get; private set; }

    /// <summary>Figures that differ so far.</summary>
    public long DifferenceCount { get; private set; }

    /// <summary>The first differences.</summary>
    public IReadOnlyList<ReplayDifference> Differences => differences;

    /// <summary>Compares one account.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="stored">What storage keeps; none when it keeps nothing.</param>
    /// <param name="recomputed">What the events say; none when they say nothing.</param>
    public void Compare(string accountId, AccountBalances? stored, AccountBalances? recomputed)
    {
        if (stored is null || recomputed is null)
        {
            Figure(accountId, "account", null, stored is null ? null : "kept", recomputed is null ? null : "moved");
        }

        Figure(accountId, "version", null, Text(stored?.Version), Text(recomputed?.Version));
        CompareSums(accountId, string.Empty, stored, recomputed);
    }

    /// <summary>
    /// Compares what a page of an account's stream brings forward; figures are named <c>page 96 held</c>.
    /// </summary>
    /// <param name="key">Its key.</param>
    /// <param name="stored">What storage keeps; none when it keeps nothing.</param>
    /// <param name="recomputed">What the events say; none when they say nothing.</param>
    public void Compare(string key, BroughtForward? stored, BroughtForward? recomputed)
    {
        var slash = key.LastIndexOf('/');
        var (accountId, name) = (key[..slash], $"page {key[(slash + 1)..]}");
        if (stored is null || recomputed is null)
        {
            Figure(accountId, name, null, stored is null ? null : "kept", recomputed is null ? null : "recorded");
        }

        Figure(accountId, $"{name} version", null, Text(stored?.LastVersion), Text(recomputed?.LastVersion));
        Figure(
            accountId,
            $"{name} latest",
            null,
            Text(stored?.LatestMicroseconds),
            Text(recomputed?.LatestMicroseconds)
        );
        CompareSums(accountId, $"{name} ", stored, recomputed);
    }

    private void CompareSums(string accountId, string prefix, Balances? stored, Balances? recomputed)
    {
        Compare(accountId, prefix, stored?.Standard, recomputed?.Standard);
        foreach (var unit in Keys(stored?.Units, recomputed?.Units, sums => sums.Unit))
        {
            Compare(
                accountId,
                prefix,
                stored?.Units.Find(sums => sums.Unit == unit),
                recomputed?.Units.Find(sums => sums.Unit == unit)
            );
        }

        foreach (var (programme, unit) in Keys(stored?.Granted, recomputed?.Granted, sum => (sum.Programme, sum.Unit)))
        {
            bool Is(GrantedBalance sum) => sum.Programme == programme && sum.Unit == unit;
            Figure(
                accountId,
                $"{prefix}granted {programme}",
                unit,
                stored?.Granted.Find(Is)?.Amount.ToString(),
                recomputed?.Granted.Find(Is)?.Amount.ToString()
            );
        }
    }

    private void Compare(string accountId, string prefix, UnitBalance? stored, UnitBalance? recomputed)
    {
        var unit = (stored ?? recomputed)?.Unit;
        var names = (stored ?? recomputed)?.Figures().Select(figure => figure.Name) ?? [];
        var left = stored?.Figures().ToDictionary(figure => figure.Name, figure => figure.Amount.ToString());
        var right = recomputed?.Figures().ToDictionary(figure => figure.Name, figure => figure.Amount.ToString());
        foreach (var name in names)
        {
            Figure(accountId, prefix + name, unit, left?[name], right?[name]);
        }
    }

    private void Figure(string accountId, string figure, string? unit, string? stored, string? recomputed)
    {
        FiguresCompared++;
        if (stored == recomputed)
        {
            return;
        }

        DifferenceCount++;
        if (differences.Count < ReplayReport.DifferencesListedMax)
        {
            differences.Add(new ReplayDifference(accountId, figure, unit, stored, recomputed));
        }
    }

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<TKey> Keys<T, TKey>(List<T>? stored, List<T>? recomputed, Func<T, TKey> key) =>
        (stored ?? []).Concat(recomputed ?? []).Select(key).Distinct();
}
