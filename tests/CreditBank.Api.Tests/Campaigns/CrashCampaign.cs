using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using CreditBank.Api.Tests.AuditLog;
using CreditBank.Api.Tests.Support;

namespace CreditBank.Api.Tests.Campaigns;

/// <summary>What is killed.</summary>
internal enum Victim
{
    Service,
    Postgres,
}

/// <summary>
/// Kills the service, or PostgreSQL under it, at moments that depend on how many writes are under way, and compares
/// what the ledger holds with what the client was told.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class CrashCampaign(int seed, IReadOnlyList<Victim> kills, int writers)
{
    private readonly Random random = new(seed);
    private readonly WriteJournal journal = new();

    /// <summary>Runs it, fails on the first thing that is not so, and gives what it counted.</summary>
    public async Task<string> RunAsync()
    {
        var watch = Stopwatch.StartNew();
        await using var service = await KilledService.StartAsync();
        using var load = new Load(service, journal, seed);
        await load.PrepareAsync();
        using var stopping = new CancellationTokenSource();
        var writing = Enumerable.Range(0, writers).Select(writer => load.WriteAsync(writer, stopping.Token)).ToArray();
        var replays = new List<string>();
        foreach (var victim in kills)
        {
            // What a durable message brings about is asked for just before the kill, so that it is under way.
            replays.Add(await load.StartReplayAsync());
            await Task.WhenAny(journal.AfterMore(1 + random.Next(40)), Task.WhenAll(writing));
            await (victim == Victim.Service ? service.KillServiceAsync() : service.KillPostgresAsync());
        }

        await Task.WhenAny(journal.AfterMore(40), Task.WhenAll(writing));
        await stopping.CancelAsync();
        await Task.WhenAll(writing);
        Assert.True(journal.Surprises.Count == 0, string.Join('\n', journal.Surprises) + service.LastWords());
        await ScheduledWorkIsDone(service, load, replays);
        await ProjectionsAgree(service, load);
        var found = await EveryWriteIsThere(service);
        await NothingIsHalfThere(service);
        await TheAuditLogHolds(service);
        return Table(found, watch.Elapsed);
    }

    private async Task<int> EveryWriteIsThere(KilledService service)
    {
        var held = (await service.QueryAsync(KeysSql)).CountBy(key => key, StringComparer.Ordinal).ToDictionary();
        var doubled = held.Where(key => key.Value > 1).Select(key => key.Key).ToList();
        Assert.True(doubled.Count == 0, $"{doubled.Count} are there twice: {string.Join(", ", doubled.Take(10))}");
        var done = journal.Writes.Where(write => write.IsAcknowledged).ToList();
        var lost = done.SelectMany(write => write.Keys.Where(key => !held.ContainsKey(key))).ToList();
        Assert.True(lost.Count == 0, $"{lost.Count} acknowledged and lost: {string.Join(", ", lost.Take(10))}");
        var half = journal
            .Writes.Where(write => write.IsWhole && write.Keys.Select(held.ContainsKey).Distinct().Count() > 1)
            .ToList();
        Assert.True(half.Count == 0, $"{half.Count} are half there: {string.Join(", ", half.Take(10))}");
        var known = journal.Writes.SelectMany(write => write.Keys).ToHashSet(StringComparer.Ordinal);
        var strange = held.Keys.Where(key =>
            !known.Contains(key) && !key.StartsWith("approval", StringComparison.Ordinal)
        );
        Assert.Empty(strange);
        return done.Sum(write => write.Keys.Count);
    }

    /// <summary>A record comes with its recognition, an approval with its posting, a transfer with its hold.</summary>
    private static async Task NothingIsHalfThere(KilledService service) =>
        Assert.Empty(await service.QueryAsync(HalvesSql));

    private static async Task ScheduledWorkIsDone(KilledService service, Load load, IReadOnlyList<string> replays)
    {
        foreach (var path in replays)
        {
            var replay = await Done(load, path);
            Assert.True((string?)replay["state"] == "completed", replay.ToJsonString() + service.LastWords());
        }
    }

    private static async Task ProjectionsAgree(KilledService service, Load load)
    {
        var replay = await Done(load, await load.StartReplayAsync());
        Assert.True(
            (int?)replay["report"]?["differenceCount"] == 0,
            replay.ToJsonString() + "\n" + service.LastWords()
        );
        Assert.True((bool?)replay["report"]?["trialBalanceIsZero"], replay.ToJsonString());
    }

    private static Task<JsonNode> Done(Load load, string path) =>
        Eventually.Get(async () =>
        {
            var replay = await load.ReadAsync(path);
            return (string?)replay["state"] is "completed" or "failed" ? replay : null;
        });

    /// <summary>Stopped in order, exported, and checked by the program that auditors run.</summary>
    private static async Task TheAuditLogHolds(KilledService service)
    {
        await service.StopAsync();
        var export = Path.Combine(Directory.CreateTempSubdirectory("creditbank-export-").FullName, "export");
        Assert.True(await service.RunAsync("export", export) == 0, service.LastWords());
        (await Export.VerifyAsync(export)).ExpectHolds();
        Directory.Delete(Path.GetDirectoryName(export)!, recursive: true);
    }

    private string Table(int found, TimeSpan took)
    {
        var done = journal.Writes.Count(write => write.IsAcknowledged);
        var doubt = journal.Writes.Count - done;
        return $"""
            seed {seed}, {took.TotalSeconds:n0} s, {writers} writers
            kills of the service           {kills.Count(victim => victim == Victim.Service)}
            kills of PostgreSQL            {kills.Count(victim => victim == Victim.Postgres)}
            requests sent                  {journal.Sent}
            sent again for want of answer  {journal.Repeated}
            writes acknowledged            {done} ({found} records, claims, transfers and approvals, each found once)
            writes left in doubt           {doubt} (each there whole, or not at all)
            lost                           0
            doubled                        0
            half there                     0
            """;
    }

    private const string KeysSql = """
        select 'outcome ' || (data->'record'->>'recordId') from ledger.mt_events
        where type = 'outcome_recorded' and data->'record'->>'institutionId' = 'fudan'
        union all
        select 'claim ' || (data->>'recordId') from ledger.mt_events where type = 'claim_submitted'
        union all
        select 'transfer of ' || (data->>'accountId') from ledger.mt_events where type = 'transfer_submitted'
        union all
        select 'approval ' || (data->>'transferId') from ledger.mt_events where type = 'transfer_approved'
        """;

    private const string HalvesSql = """
        select 'outcome ' || coalesce(r.data->>'outcomeId', g.data->>'outcomeId')
        from (select * from ledger.mt_events where type = 'outcome_recorded') r
        full join (select * from ledger.mt_events where type = 'outcome_recognised') g
          on g.stream_id = r.stream_id and g.data->>'outcomeId' = r.data->>'outcomeId'
        where r.id is null or g.id is null
        union all
        select 'approval ' || coalesce(a.data->>'transferId', c.data->>'transferId')
        from (select * from ledger.mt_events where type = 'transfer_approved') a
        full join (select * from ledger.mt_events where type = 'credit_converted') c
          on c.data->>'transferId' = a.data->>'transferId'
        where a.id is null or c.id is null
        union all
        select 'hold ' || coalesce(s.data->>'transferId', h.data->>'transferId')
        from (select * from ledger.mt_events where type = 'transfer_submitted') s
        full join (select * from ledger.mt_events where type = 'credit_held') h
          on h.data->>'transferId' = s.data->>'transferId'
        where s.id is null or h.id is null
        union all
        select 'stream ' || s.id
        from ledger.mt_streams s
        left join (select tenant_id, stream_id, max(version) as version, count(*) as number
                   from ledger.mt_events group by 1, 2) e on e.tenant_id = s.tenant_id and e.stream_id = s.id
        where e.version is distinct from s.version or e.number is distinct from s.version
        """;
}
