using CreditBank.Api.Accounts;
using CreditBank.Api.Expiry;
using CreditBank.Api.Infrastructure.Storage;

namespace CreditBank.Api.Transfers;

/// <summary>The last day of a transfer is over: it lapses if it is still open.</summary>
/// <param name="TransferId">The transfer.</param>
public sealed record LapseTransfer(string TransferId);

/// <summary>Lets transfers lapse.</summary>
public static class LapseTransferHandler
{
    /// <summary>
    /// Decides from the transfer alone, so that a message that comes twice, late or after a decision does nothing. One
    /// that comes early is sent again for the right time.
    /// </summary>
    public static Task Handle(LapseTransfer message, TransferDesk desk, CancellationToken cancellation) =>
        Races.Retry(() => LapseAsync(message.TransferId, desk, cancellation));

    private static async Task<bool> LapseAsync(string transferId, TransferDesk desk, CancellationToken cancellation)
    {
        await using var session = desk.Books.Write(desk.Books.BookOf(transferId), Actor.Bank);
        var stream = await session.Events.FetchForWriting<Transfer>(transferId, cancellation);
        if (stream.Aggregate is not { HeldUntilOn: { } heldUntilOn } transfer || !TransferStates.IsOpen(transfer.State))
        {
            return false;
        }

        var account = await session.Events.FetchForWriting<Account>(transfer.AccountId, cancellation);
        var events = TransferDecider.Lapse(transfer, account.Aggregate!, desk.Today);
        if (events.OfTransfer.Count == 0)
        {
            await desk.LapseLater(session, transferId, heldUntilOn);
        }

        stream.AppendMany(events.OfTransfer);
        account.AppendMany(events.OfAccount);
        account.AppendMany(ExpiringCredit.Following(account.Aggregate, events.OfAccount, desk.Today));
        await session.SaveChangesAsync(cancellation);
        return events.OfTransfer.Count > 0;
    }
}
