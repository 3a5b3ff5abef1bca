using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using CreditBank.Ledger.Audit;

namespace CreditBank.Verifier;

/// <summary>
/// Remembers books that were found right, so that a verification that was interrupted goes on behind them. A book whose
/// checkpoint or events differ since is checked again.
/// </summary>
internal sealed class ResumeFile(string? path, ExportFolder folder, string log)
{
    /// <summary>The result of the book; none when it is still to be checked.</summary>
    public BookResult? Read()
    {
        if (path is null || !File.Exists(path))
        {
            return null;
        }

        var fingerprint = Fingerprint();
        foreach (var line in File.ReadLines(path))
        {
            if (Parse(line) is { } done && done.Fingerprint == fingerprint && done.Result.Log == log)
            {
                return done.Result with { Totals = done.Result.Totals.WithSums(done.Sums) };
            }
        }

        return null;
    }

    /// <summary>Notes that the book is right.</summary>
    public void Write(BookResult result)
    {
        if (path is not null)
        {
            var done = new DoneBook(Fingerprint(), result, result.Totals.Sums.All());
            File.AppendAllText(path, JsonSerializer.Serialize(done, JsonSerializerOptions.Web) + "\n");
        }
    }

    /// <summary>A line that was cut short by the interruption is no result.</summary>
    private static DoneBook? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<DoneBook>(line, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string Fingerprint()
    {
        var events = new FileInfo(folder.PathOf(log, ExportLayout.EventsFile));
        var checkpoint = folder.Read(log, ExportLayout.CheckpointFile) ?? [];
        var hash = Convert.ToHexStringLower(SHA256.HashData(checkpoint));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{hash} {(events.Exists ? events.Length : 0)} {events.LastWriteTimeUtc.Ticks}"
        );
    }

    private sealed record DoneBook(string Fingerprint, BookResult Result, IReadOnlyList<EntrySum> Sums);
}
