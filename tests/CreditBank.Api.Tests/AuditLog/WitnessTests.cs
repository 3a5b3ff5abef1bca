using System.Net;
using System.Net.Sockets;
using CreditBank.Ledger.Audit;
using CreditBank.Verifier;
using NodaTime;

namespace CreditBank.Api.Tests.AuditLog;

public sealed class WitnessTests
{
    private const string Book = "book01";

    [Fact]
    public async Task the_service_collects_cosignatures_that_a_policy_can_ask_for()
    {
        using var witness = await RunningWitness.StartAsync();
        await using var audit = await AuditService.StartAsync(settings => settings with { Policy = witness.Policy });
        await SampleEvents.LearnerAsync(audit, Book, 1, 3);
        await audit.CatchUpAsync();
        await SampleEvents.LearnerAsync(audit, Book, 2, 300);
        await audit.CatchUpAsync();

        var signed = await audit.Reader.CheckpointAsync(Book, CancellationToken.None);

        Assert.Equal(608, signed!.Checkpoint.Size);
        var policy = witness.PolicyFor(audit.Logs.All.SelectMany(audit.Logs.KeysOf), quorum: "w1");
        Assert.True(policy.TryVerify(signed, out var verified, out var problem), problem);
        Assert.NotNull(verified[^1].CosignedAt);
        var file = Path.Combine(audit.Folder, "policy");
        await File.WriteAllTextAsync(file, witness.Text(audit.Logs.All.SelectMany(audit.Logs.KeysOf), "w1"));
        (await Export.VerifyAsync(await Export.WriteAsync(audit), "--policy", file)).ExpectHolds();
    }

    [Fact]
    public async Task a_witness_that_is_away_holds_nothing_up()
    {
        var away = await RunningWitness.StartAsync();
        away.Dispose();
        await using var audit = await AuditService.StartAsync(settings => settings with { Policy = away.Policy });
        await SampleEvents.LearnerAsync(audit, Book, 1, 3);

        await audit.CatchUpAsync();

        Assert.Equal(7, (await audit.CheckpointAsync(Book)).Size);
    }

    [Fact]
    public async Task two_histories_shown_to_two_auditors_are_found_by_the_witness()
    {
        using var witness = await RunningWitness.StartAsync();
        await using var first = await AuditService.StartAsync(settings => settings with { Policy = witness.Policy });
        await using var second = await AuditService.StartAsync(settings => settings with { Policy = witness.Policy });
        await SampleEvents.LearnerAsync(first, Book, 1, 3);
        await first.CatchUpAsync();

        // The same bank, the same keys, another history for somebody else.
        await SampleEvents.LearnerAsync(second, Book, 2, 5);
        await second.CatchUpAsync();

        var quorum = witness.Text(first.Logs.All.SelectMany(first.Logs.KeysOf), "w1");
        var file = Path.Combine(first.Folder, "policy");
        await File.WriteAllTextAsync(file, quorum);
        (await Export.VerifyAsync(await Export.WriteAsync(first), "--policy", file)).ExpectHolds();
        (await Export.VerifyAsync(await Export.WriteAsync(second), "--policy", file)).ExpectFinding(
            "verify.checkpoint.signature",
            Book
        );
        Assert.Contains($"{AuditService.Bank}/{Book}", witness.Complaints, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_witness_remembers_after_a_restart()
    {
        using var witness = await RunningWitness.StartAsync();
        await using (var first = await AuditService.StartAsync(settings => settings with { Policy = witness.Policy }))
        {
            await SampleEvents.LearnerAsync(first, Book, 1, 3);
            await first.CatchUpAsync();
        }

        var again = new WitnessMemory(witness.State);

        Assert.Equal(7, again.Latest($"{AuditService.Bank}/{Book}")!.Size);
        Assert.Null(again.Latest("elsewhere"));
    }

    [Fact]
    public async Task a_key_of_a_witness_is_made_once_and_read_by_its_owner_only()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("creditbank-witness-").FullName, "key");
        using var output = new StringWriter();

        var made = await CommandLine.RunAsync(["witness-key", "witness.example/w1", "--key", path], output, output);
        var again = await CommandLine.RunAsync(["witness-key", "witness.example/w1", "--key", path], output, output);

        Assert.Equal((CommandLine.Holds, CommandLine.Unusable), (made, again));
        using var signer = WitnessKey.Read(path);
        Assert.Contains(signer.Vkey.ToString(), output.ToString(), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    /// <summary>A witness in this process, with HTTP, a key and a folder of its own.</summary>
    private sealed class RunningWitness : IDisposable
    {
        private readonly NoteSigner signer;
        private readonly WitnessServer server;
        private readonly StringWriter complaints = new();
        private readonly CancellationTokenSource stop = new();
        private readonly Task serving;
        private readonly string address;

        private RunningWitness(NoteSigner signer, string address, string state, TrustPolicy trusted)
        {
            (this.signer, this.address, State) = (signer, address, state);
            server = new WitnessServer(signer, trusted, new WitnessMemory(state), SystemClock.Instance, address);
            serving = server.ServeAsync(complaints, stop.Token);
        }

        public string State { get; }

        public string Complaints => complaints.ToString();

        public TrustPolicy Policy => PolicyFor([], "none");

        public static async Task<RunningWitness> StartAsync()
        {
            // The keys of the bank follow from its seed, so a witness can know them before the bank starts.
            await using var bank = await AuditService.StartAsync();
            var trusted = TrustPolicy.Of(bank.Logs.All.SelectMany(bank.Logs.KeysOf));
            var seed = AuditService.Seed(77);
            var signer = NoteSigner.FromSeed("witness.example/w1", NoteKeyType.Cosignature, seed);
            var folder = Directory.CreateTempSubdirectory("creditbank-witness-").FullName;
            return new RunningWitness(signer, $"http://127.0.0.1:{FreePort()}", folder, trusted);
        }

        public string Text(IEnumerable<Vkey> logs, string quorum) =>
            string.Concat(logs.Select(key => $"log {key}\n"))
            + $"witness w1 {signer.Vkey} {address}\nquorum {quorum}\n";

        public TrustPolicy PolicyFor(IEnumerable<Vkey> logs, string quorum) =>
            TrustPolicy.TryParse(
                System.Text.Encoding.UTF8.GetBytes(Text(logs, quorum)),
                out var policy,
                out var problem
            )
                ? policy
                : throw new InvalidOperationException(problem.Code);

        public void Dispose()
        {
            stop.Cancel();
            serving.GetAwaiter().GetResult();
            server.Dispose();
            stop.Dispose();
        }

        private static int FreePort()
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }
    }
}
