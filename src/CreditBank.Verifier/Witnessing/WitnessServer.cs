using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using CreditBank.Ledger.Audit;
using NodaTime;

namespace CreditBank.Verifier;

/// <summary>
/// A witness (C2SP tlog-witness): cosigns a checkpoint only if it continues the last one that it saw of that log. It
/// has a key and a memory of its own, and belongs to somebody who is not the bank.
/// </summary>
internal sealed class WitnessServer : IDisposable
{
    private const int BodyBytesMax = 1 << 16;
    private const string DefaultAddress = "http://127.0.0.1:5090";

    private readonly NoteSigner signer;
    private readonly TrustPolicy policy;
    private readonly WitnessMemory memory;
    private readonly IClock clock;
    private readonly HttpListener listener = new();
    private readonly Lock gate = new();

    /// <summary>A witness that listens at an address.</summary>
    public WitnessServer(NoteSigner signer, TrustPolicy policy, WitnessMemory memory, IClock clock, string address)
    {
        (this.signer, this.policy, this.memory, this.clock) = (signer, policy, memory, clock);
        listener.Prefixes.Add(address.TrimEnd('/') + "/");
    }

    /// <summary>Runs until the process is asked to stop.</summary>
    public static async Task<int> RunAsync(Arguments arguments, IClock clock, TextWriter output, TextWriter errors)
    {
        using var signer = WitnessKey.Read(arguments.Required("--key"));
        var address = arguments.Of("--listen") ?? DefaultAddress;
        using var server = new WitnessServer(
            signer,
            CommandLine.PolicyOf(arguments.Required("--policy")),
            new WitnessMemory(arguments.Required("--state")),
            clock,
            address
        );
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await output.WriteLineAsync($"{signer.Vkey} cosigns at {address}");
        await server.ServeAsync(errors, stop.Token);
        return CommandLine.Holds;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Serves until it is cancelled.</summary>
    public async Task ServeAsync(TextWriter errors, CancellationToken cancellation)
    {
        listener.Start();
        await using var stopping = cancellation.Register(listener.Stop);
        while (!cancellation.IsCancellationRequested)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            try
            {
                await AnswerAsync(context, errors);
            }
            catch (Exception cut) when (cut is HttpListenerException or IOException)
            {
                await errors.WriteLineAsync($"A request was cut: {cut.Message}");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)listener).Dispose();

    private async Task AnswerAsync(HttpListenerContext context, TextWriter errors)
    {
        var (status, type, body) = await DecideAsync(context.Request, errors);
        var bytes = Encoding.UTF8.GetBytes(body);
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength64 = bytes.Length;
        await context.Response.OutputStream.WriteAsync(bytes);
        context.Response.Close();
    }

    private async Task<(int Status, string Type, string Body)> DecideAsync(
        HttpListenerRequest request,
        TextWriter errors
    )
    {
        const string Text = "text/plain; charset=utf-8";
        if (request.HttpMethod != "POST" || request.Url?.AbsolutePath != "/add-checkpoint")
        {
            return (404, Text, "");
        }

        var body = new byte[BodyBytesMax + 1];
        var read = await request.InputStream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false);
        if (read > BodyBytesMax || !AddCheckpointRequest.TryParse(body.AsSpan(0, read), out var asked, out _))
        {
            return ((int)WitnessAnswer.BadRequest, Text, "");
        }

        // Reading, deciding and remembering are one step: two requests at once must not both be cosigned.
        lock (gate)
        {
            var origin = asked.Checkpoint.Checkpoint.Origin;
            var keys = policy.Logs.Select(log => log.Key).Where(key => key.Name == origin).ToList();
            var latest = memory.Latest(origin);
            var answer = Witness.Decide(asked, keys, latest);
            switch (answer)
            {
                case WitnessAnswer.Cosign:
                    memory.Remember(asked.Checkpoint.Checkpoint);
                    var cosignature = signer.Cosign(asked.Checkpoint.Checkpoint, clock.GetCurrentInstant());
                    return ((int)answer, Text, cosignature.Line + "\n");
                case WitnessAnswer.Conflict:
                    var size = (latest?.Size ?? 0).ToString(CultureInfo.InvariantCulture);
                    Complain(asked, latest, answer, errors);
                    return ((int)answer, "text/x.tlog.size", size + "\n");
                default:
                    Complain(asked, latest, answer, errors);
                    return ((int)answer, Text, "");
            }
        }
    }

    private static void Complain(
        AddCheckpointRequest asked,
        Checkpoint? latest,
        WitnessAnswer answer,
        TextWriter errors
    )
    {
        var checkpoint = asked.Checkpoint.Checkpoint;
        errors.WriteLine(
            $"{answer}: {checkpoint.Origin} at {checkpoint.Size}; the last one seen has {latest?.Size ?? 0}."
        );
    }
}
