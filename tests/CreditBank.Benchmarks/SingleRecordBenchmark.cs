using System.Text.Json;
using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Outcomes;
using CreditBank.Api.Transcripts;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Benchmarks;

/// <summary>
/// One record a request with 16 clients, against a bare endpoint that writes the same rows in one transaction.
/// </summary>
internal static class SingleRecordBenchmark
{
    private const decimal RatioMin = 0.5m;

    public static async Task<Measurement> Run(BenchmarkContext context)
    {
        var requests = context.Rows(8_000);
        await using var service = await context.Start();
        await service.RegisterInstitution();
        var accounts = await OpenAccounts(service, 400);
        await Measure(service, "/v1/transcripts", accounts, "warm", 400);
        await Measure(service, "/bench/record", accounts, "warm-bare", 400);
        var ours = await Measure(service, "/v1/transcripts", accounts, "ours", requests);
        var bare = await Measure(service, "/bench/record", accounts, "bare", requests);
        var ratio = ours / bare;
        return new Measurement(
            $"one record a request, {AtOnce.Clients} clients",
            $"{ours:N0} requests/s",
            $"{bare:N0} requests/s",
            ratio,
            $">= {RatioMin}",
            ratio >= RatioMin,
            $"{requests:N0} requests each"
        );
    }

    /// <summary>Accounts of the institution's own students.</summary>
    public static async Task<IReadOnlyList<string>> OpenAccounts(RunningService service, int count)
    {
        using var client = service.As(CallerRoles.Registry, RunningService.InstitutionId);
        var accounts = new List<string>();
        for (var student = 0; student < count; student++)
        {
            var body =
                $"{{\"identity\":{{\"type\":\"institutional\",\"number\":\"s{student}\",\"institutionId\":\"bench\"}},"
                + $"\"name\":\"学生{student}\"}}";
            using var opened = JsonDocument.Parse(await RunningService.Send(client, "/v1/accounts", body));
            accounts.Add(opened.RootElement.GetProperty("accountId").GetString()!);
        }

        return accounts;
    }

    private static async Task<decimal> Measure(
        RunningService service,
        string path,
        IReadOnlyList<string> accounts,
        string run,
        int requests
    )
    {
        using var client = service.As(CallerRoles.Registry, RunningService.InstitutionId);
        var seconds = await AtOnce.Run(
            requests,
            async number =>
            {
                var record = SampleRecords.OfAccount(accounts[number % accounts.Count], $"{run}-{number}", number);
                await RunningService.Send(client, path, SampleRecords.Transcript($"{run}-{number}", record));
            }
        );
        return requests / seconds;
    }
}

/// <summary>What a bare endpoint is sent: the shape of a transcript, unchecked.</summary>
public sealed record BareTranscript(
    string InstitutionId,
    string Reference,
    string Term,
    IReadOnlyList<RecordBody> Records
);

/// <summary>The baseline of one record a request: writes the same rows and decides nothing.</summary>
public static class BareRecordEndpoint
{
    [AllowAnonymous]
    [WolverinePost("/bench/record")]
    public static async Task<IResult> Post(BareTranscript body, LedgerBooks books, CancellationToken cancellation)
    {
        var sent = body.Records[0];
        var accountId = sent.Learner.AccountId!;
        var outcomeId = LedgerId.Outcome(accountId, body.InstitutionId, sent.RecordId);
        var transcriptId = Transcript.IdOf(body.InstitutionId, body.Reference);
        var record = sent.ToRecord(body.InstitutionId);
        var worth = new Worth(sent.Credits, sent.Unit, sent.Credits);
        await using var session = books.Write(LedgerBooks.Registry, Actor.Bank);
        session
            .ForTenant(books.BookOf(accountId))
            .Events.Append(
                accountId,
                new OutcomeRecorded(outcomeId, record, new OutcomeSource("transcript", transcriptId)),
                new OutcomeRecognised(outcomeId, "none", [], null, worth, null, body.InstitutionId, sent.CompletedOn)
            );
        var claim = new RecordClaim
        {
            Id = sent.RecordId,
            AccountId = accountId,
            OutcomeId = outcomeId,
            Revisions = [new ClaimedRevision(1, outcomeId)],
        };
        session.ForTenant(books.BookOfKey(RecordClaim.KeyKind, claim.Id)).Insert(claim);
        Headers(session, body, transcriptId, sent.RecordId, outcomeId);
        await session.SaveChangesAsync(cancellation);
        return Results.Ok();
    }

    private static void Headers(
        Marten.IDocumentSession session,
        BareTranscript body,
        string transcriptId,
        string recordId,
        string outcomeId
    )
    {
        var now = Instant.FromUnixTimeSeconds(0);
        session.Store(
            new Transcript
            {
                Id = transcriptId,
                InstitutionId = body.InstitutionId,
                Reference = body.Reference,
                Term = body.Term,
                RowCount = 1,
                OpenAccounts = false,
                Sending = 1,
                FirstSentAt = now,
            }
        );
        session.Insert(
            new TranscriptSending
            {
                Id = TranscriptSending.IdOf(transcriptId, 1),
                IsWhole = true,
                Counts = new RowCounts(1, 0, 0, 0),
                StartedAt = now,
                ProgressAt = now,
            }
        );
        session.Insert(
            new RowChunk
            {
                Id = transcriptId + "/1/000000",
                SendingId = TranscriptSending.IdOf(transcriptId, 1),
                LastLine = 1,
                Statuses = [RowStatuses.Accepted],
                Rows =
                [
                    new RowResult
                    {
                        Line = 1,
                        RecordId = recordId,
                        Status = RowStatuses.Accepted,
                        OutcomeId = outcomeId,
                    },
                ],
            }
        );
    }
}
