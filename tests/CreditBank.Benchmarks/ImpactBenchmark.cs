using System.Diagnostics;
using System.Text.Json.Nodes;
using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Storage;
using Npgsql;

namespace CreditBank.Benchmarks;

/// <summary>
/// The impact report over HTTP: a transfer is decided, its document and what it was asked are copied 100,000 times, and
/// the report of another version reads and evaluates them all. The target is a time, so the ratio is against that.
/// </summary>
internal static class ImpactBenchmark
{
    private const int SecondsMax = 60;
    private const string Version = "sqf-2021.1";

    public static async Task<Measurement> Run(BenchmarkContext context)
    {
        var decisions = context.Rows(100_000);
        await using var service = await context.Start();
        var (accountId, transferId) = await DecideOne(service);
        var book = service.Get<LedgerBooks>().BookOf(accountId);
        await Copy(service, book, transferId, decisions - 1);
        var since = Stopwatch.GetTimestamp();
        var report = await Report(service);
        var seconds = (decimal)Stopwatch.GetElapsedTime(since).TotalSeconds;
        var counted = (int)report["decisions"]!;
        return new Measurement(
            $"impact report over {counted:N0} past decisions, over HTTP",
            $"{seconds:0.0} s",
            $"{SecondsMax} s",
            seconds / SecondsMax,
            "<= 1 on two cores",
            counted == decisions && seconds <= SecondsMax,
            $"{counted / seconds:N0} decisions/s, read from the database and evaluated"
        );
    }

    private static async Task<(string AccountId, string TransferId)> DecideOne(RunningService service)
    {
        await service.RegisterInstitution();
        using var registry = service.As(CallerRoles.Registry, RunningService.InstitutionId);
        const string Programme = """
            {"title":"Benchmarks","level":6,"totalCredits":60,"ruleSetFamily":"sqf",
             "courses":[{"courseCode":"C-1","title":"Course 1","credits":2,"category":"core","compulsory":true}]}
            """;
        await Put(registry, $"/v1/institutions/{RunningService.InstitutionId}/programmes/bench", Programme);
        var accountId = (await SingleRecordBenchmark.OpenAccounts(service, 1))[0];
        var records = Enumerable.Range(0, 5).Select(n => SampleRecords.OfAccount(accountId, $"impact-{n}", n));
        await RunningService.Send(registry, "/v1/transcripts", SampleRecords.Transcript("impact", records));
        using var learner = service.As(CallerRoles.Learner, account: accountId);
        var submitted = await RunningService.Send(
            learner,
            "/v1/transfers",
            $$"""{"accountId":"{{accountId}}","institutionId":"bench","programmeId":"bench"}"""
        );
        var transfer = JsonNode.Parse(submitted)!;
        var transferId = (string)transfer["transferId"]!;
        var lines = transfer["proposal"]!["lines"]!.AsArray().Where(line => (string?)line!["result"] == "maybe");
        var decided = lines.Take(1).Select(line => (int)line!["line"]!).ToList();
        using var evaluator = service.As(CallerRoles.Evaluator, RunningService.InstitutionId, "evaluator");
        foreach (var line in decided)
        {
            await RunningService.Send(
                evaluator,
                $"/v1/transfers/{transferId}/evaluation",
                $$"""{"lines":[{"line":{{line}},"decision":"grant","reason":"same","courseCodes":["C-1"]}]}"""
            );
        }

        using var approver = service.As(CallerRoles.Approver, RunningService.InstitutionId, "approver");
        await RunningService.Send(
            approver,
            $"/v1/transfers/{transferId}/approval",
            $$"""{"lines":{{JsonLines(decided)}}}"""
        );
        return (accountId, transferId);
    }

    private static string JsonLines(List<int> lines) => $"[{string.Join(',', lines)}]";

    private static async Task Put(HttpClient client, string path, string json)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var response = await client.PutAsync(new Uri(path, UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
    }

    private static async Task Copy(RunningService service, string book, string transferId, int copies)
    {
        await using var connection = service.Get<LedgerBooks>().Store.Storage.Database.CreateConnection();
        await connection.OpenAsync();
        const string Sql = """
            insert into ledger.mt_doc_requestdocument
            select (jsonb_populate_record(asked, jsonb_build_object('id', left(asked.id, 50) || n,
                'data', jsonb_set(asked.data, '{id}', to_jsonb(left(asked.id, 50) || n))))).*
            from ledger.mt_doc_requestdocument asked
            join ledger.mt_doc_transfer decided
                on decided.tenant_id = asked.tenant_id and decided.data ->> 'firstRequestHash' = asked.id,
            generate_series(100000, 99999 + $3) n
            where decided.tenant_id = $1 and decided.id = $2;
            insert into ledger.mt_doc_transfer
            select (jsonb_populate_record(decided, jsonb_build_object('id', decided.id || '-' || n,
                'data', decided.data || jsonb_build_object(
                    'id', decided.id || '-' || n,
                    'place', (decided.data ->> 'place') || '-' || n,
                    'accountId', (decided.data ->> 'accountId') || '-' || n,
                    'firstRequestHash', left(decided.data ->> 'firstRequestHash', 50) || n)))).*
            from ledger.mt_doc_transfer decided, generate_series(100000, 99999 + $3) n
            where decided.tenant_id = $1 and decided.id = $2;
            """;
        await using var batch = new NpgsqlBatch(connection) { Timeout = 0 };
        foreach (
            var statement in Sql.Split(";", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        )
        {
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand(statement)
                {
                    Parameters =
                    {
                        new NpgsqlParameter { Value = book },
                        new NpgsqlParameter { Value = transferId },
                        new NpgsqlParameter { Value = copies },
                    },
                }
            );
        }

        await batch.ExecuteNonQueryAsync();
        await using var analyze = new NpgsqlCommand(
            "analyze ledger.mt_doc_transfer; analyze ledger.mt_doc_requestdocument",
            connection
        );
        analyze.CommandTimeout = 0;
        await analyze.ExecuteNonQueryAsync();
    }

    private static async Task<JsonNode> Report(RunningService service)
    {
        using var editor = service.As(CallerRoles.RuleEditor);
        using var content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        using var asked = await editor.PostAsync(new Uri($"/v1/rule-sets/{Version}/impact", UriKind.Relative), content);
        asked.EnsureSuccessStatusCode();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await pace.WaitForNextTickAsync())
        {
            var run = JsonNode.Parse(await editor.GetStringAsync(asked.Headers.Location))!;
            if ((string?)run["state"] == "completed")
            {
                return run["report"]!;
            }

            if ((string?)run["state"] == "failed")
            {
                break;
            }
        }

        throw new InvalidOperationException("The impact report failed.");
    }
}
