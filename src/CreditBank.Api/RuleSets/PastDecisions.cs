using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using Marten;

namespace CreditBank.Api.RuleSets;

/// <summary>The decided transfers of the ledger as the rules engine wants them.</summary>
public static class PastDecisions
{
    private const int PageSize = 1_000;

    /// <summary>
    /// An approved transfer and everything that was offered at first. What a person refused or left out is not asked
    /// again, so that only rules make a difference; what a person granted stays granted. Pure.
    /// </summary>
    /// <param name="transfer">The transfer; approved, whole or in part.</param>
    /// <param name="first">What its first evaluation was asked.</param>
    public static PastDecision Of(Transfer transfer, EvaluationRequest first)
    {
        var approved = transfer.Lines().Where(line => transfer.StandingLines().Contains(line.Line)).ToList();
        var used = approved.SelectMany(line => line.OutcomeIds).ToHashSet();
        var leftOut = transfer
            .Lines()
            .SelectMany(line => line.OutcomeIds)
            .Where(outcome => !used.Contains(outcome))
            .ToHashSet();
        return new PastDecision(
            transfer.Id,
            transfer.AccountId,
            first with
            {
                Outcomes = [.. first.Outcomes.Where(outcome => !leftOut.Contains(outcome.OutcomeId))],
                Decisions = LineDecider.Accepted(transfer, transfer.StandingLines().Contains),
            },
            approved.SelectMany(line => line.Grants).Sum(grant => grant.Amount)
        );
    }

    /// <summary>Whether an approved line rests on the clause that an erratum names.</summary>
    public static bool RestsOn(Transfer transfer, ErratumPublished erratum) =>
        transfer
            .Lines()
            .Any(line =>
                transfer.StandingLines().Contains(line.Line)
                && line.RuleSetVersion == erratum.Version
                && line.Clauses.Contains(erratum.Clause)
            );

    /// <summary>The transfers that were approved, whole or in part.</summary>
    public static IQueryable<Transfer> Approved(IQueryable<Transfer> transfers) =>
        transfers.Where(transfer =>
            transfer.State == TransferStates.Approved || transfer.State == TransferStates.PartlyApproved
        );

    /// <summary>Transfers of a book with what their first evaluation was asked, a thousand at a time; nothing for those
    /// from before it was kept.</summary>
    /// <param name="books">The books.</param>
    /// <param name="book">The book.</param>
    /// <param name="which">Which transfers.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async IAsyncEnumerable<IReadOnlyList<(Transfer Transfer, RequestDocument? First)>> ReadAsync(
        LedgerBooks books,
        string book,
        Func<IQueryable<Transfer>, IQueryable<Transfer>> which,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await using var session = books.Read(book);
        var after = string.Empty;
        while (true)
        {
            var from = after;
            var transfers = await which(session.Query<Transfer>())
                .Where(transfer => transfer.Id.CompareTo(from) > 0)
                .OrderBy(transfer => transfer.Id)
                .Take(PageSize)
                .ToListAsync(cancellation);
            if (transfers.Count == 0)
            {
                yield break;
            }

            var hashes = transfers.Select(transfer => transfer.FirstRequestHash).OfType<string>().Distinct();
            var requests = (await session.LoadManyAsync<RequestDocument>(cancellation, [.. hashes])).ToDictionary(
                document => document.Id
            );
            yield return
            [
                .. transfers.Select(transfer =>
                    (transfer, requests.GetValueOrDefault(transfer.FirstRequestHash ?? string.Empty))
                ),
            ];
            after = transfers[^1].Id;
        }
    }
}
