using System.Globalization;
using NodaTime;

namespace CreditBank.Api.Transcripts;

/// <summary>
/// A transcript that is being taken in: its header, its checker and how far it got. One request owns it.
/// </summary>
internal sealed class OpenSending
{
    private const int EarlierMax = 50;
    private int chunks;

    public OpenSending(TranscriptHeader header, Transcript? before, RowChecker checker, BatchTerms terms, Instant now)
    {
        (Checker, Terms) = (checker, terms);
        Transcript = new Transcript
        {
            Id = terms.TranscriptId,
            InstitutionId = header.InstitutionId,
            Reference = header.Reference,
            Term = header.Term,
            RowCount = header.RowCount,
            OpenAccounts = terms.OpenAccounts,
            Sending = (before?.Sending ?? 0) + 1,
            FirstSentAt = before?.FirstSentAt ?? now,
        };
        Progress = new TranscriptSending
        {
            Id = TranscriptSending.IdOf(Transcript.Id, Transcript.Sending),
            Counts = RowCounts.None,
            StartedAt = now,
            ProgressAt = now,
        };
    }

    public RowChecker Checker { get; }

    public BatchTerms Terms { get; }

    public Transcript Transcript { get; }

    /// <summary>How far it got, durably.</summary>
    public TranscriptSending Progress { get; private set; }

    /// <summary>The sendings before this one.</summary>
    public string[] Earlier
    {
        get
        {
            var last = Transcript.Sending - 1;
            var count = Math.Min(last, EarlierMax);
            return
            [
                .. Enumerable
                    .Range(last - count + 1, count)
                    .Select(number => TranscriptSending.IdOf(Transcript.Id, number)),
            ];
        }
    }

    /// <summary>The progress once a batch is durable.</summary>
    public TranscriptSending ProgressAfter(RowCounts counts, bool? isWhole, Instant now) =>
        Progress = new TranscriptSending
        {
            Id = Progress.Id,
            IsWhole = isWhole,
            Counts = counted + counts,
            StartedAt = Progress.StartedAt,
            ProgressAt = now,
        };

    /// <summary>The results of a batch as they are stored.</summary>
    public RowChunk ChunkOf(IReadOnlyList<RowResult> results) =>
        new()
        {
            Id = ChunkId(chunks),
            SendingId = Progress.Id,
            LastLine = results[^1].Line,
            Statuses = [.. results.Select(result => result.Status).Distinct()],
            Rows = results,
        };

    /// <summary>Counts a batch that became durable.</summary>
    public void Advance(int rows, RowCounts counts)
    {
        chunks++;
        counted += counts;
        Rows += rows;
    }

    /// <summary>How many rows are durable.</summary>
    public int Rows { get; private set; }

    private RowCounts counted = RowCounts.None;

    private string ChunkId(int number) => string.Create(CultureInfo.InvariantCulture, $"{Progress.Id}/{number:d6}");
}
