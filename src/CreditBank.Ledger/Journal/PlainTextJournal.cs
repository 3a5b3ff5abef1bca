using System.Globalization;
using System.Text;
using NodaTime;
using NodaTime.Text;

namespace CreditBank.Ledger.Journal;

/// <summary>
/// Writes entries as plain-text accounting, in the journal format that hledger and Ledger read, so that a program that
/// knows nothing of us can check every sum. An event is a transaction, or one for each day its entries are true from.
/// Pure.
/// </summary>
public static class PlainTextJournal
{
    /// <summary>Comes before everything else.</summary>
    public const string Heading = "decimal-mark .\n\n";

    /// <summary>The transactions of an event; empty when it moves no credit.</summary>
    /// <param name="sequence">Its number in the book's order; the transaction's code.</param>
    /// <param name="name">Its stored name; the transaction's description.</param>
    /// <param name="streamId">Its stream: the learner's account.</param>
    /// <param name="recordedAt">When it was recorded.</param>
    /// <param name="data">The event.</param>
    public static string Of(long sequence, string name, string streamId, Instant recordedAt, object data)
    {
        var text = new StringBuilder();
        foreach (var day in DoubleEntry.EntriesOf(data).GroupBy(entry => entry.EffectiveOn))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{day.Key:uuuu-MM-dd} ({sequence}) {name}"
                    + $"  ; stream:{streamId}, recorded:{Instants.Format(recordedAt)}\n"
            );
            foreach (var entry in day)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"    {AccountOf(entry, streamId)}  {entry.Amount} {CommodityOf(entry.Unit)}\n"
                );
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>
    /// The account's name: the chart first, so that sums by depth are the trial balance, then whose it is.
    /// </summary>
    public static string AccountOf(JournalEntry entry, string streamId) =>
        entry.Account switch
        {
            ChartAccount.Available => $"learner:available:{streamId}:{entry.Owner}",
            ChartAccount.Held => $"learner:held:{streamId}:{entry.Owner}",
            ChartAccount.Forfeited => $"learner:forfeited:{streamId}:{entry.Owner}",
            ChartAccount.Expired => $"learner:expired:{streamId}:{entry.Owner}",
            ChartAccount.Revoked => $"learner:revoked:{streamId}:{entry.Owner}",
            ChartAccount.Exchange => $"exchange:open:{entry.Owner}",
            ChartAccount.Granted => $"programme:granted:{entry.Owner}:{streamId}",
            ChartAccount.Issued => $"institution:issued:{entry.Owner}",
            ChartAccount.Merged => $"merge:between:{entry.Owner}",
            _ => throw new InvalidOperationException($"{entry.Account} has no name in a journal."),
        };

    /// <summary>A unit as a quoted commodity; what would end the quotation becomes a low line.</summary>
    public static string CommodityOf(string unit)
    {
        var name = string.Create(
            unit.Length,
            unit,
            (span, source) =>
            {
                for (var index = 0; index < source.Length; index++)
                {
                    var isPlain = source[index] is not ('"' or ';') && !char.IsControl(source[index]);
                    span[index] = isPlain ? source[index] : '_';
                }
            }
        );
        return $"\"{name}\"";
    }

    private static readonly InstantPattern Instants = InstantPattern.ExtendedIso;
}
