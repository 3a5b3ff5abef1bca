using System.Globalization;
using CreditBank.Ledger.Audit;
using NodaTime;

namespace CreditBank.Verifier;

/// <summary>What the program does with its arguments.</summary>
public static class CommandLine
{
    /// <summary>Everything holds.</summary>
    public const int Holds = 0;

    /// <summary>Something does not hold.</summary>
    public const int DoesNotHold = 1;

    /// <summary>Nothing could be checked.</summary>
    public const int Unusable = 2;

    private const string Help = """
        creditbank-verify checks the ledger of a credit bank without the bank's software.

          creditbank-verify <export folder>              check an export
          creditbank-verify <https://...> --token T      fetch from a running service, then check
          creditbank-verify receipt <file.tlog-proof>    check a receipt, and show the event in it
          creditbank-verify witness-key <name>           make the key of a witness
          creditbank-verify witness                      run a witness

        Options of a check
          --policy FILE     the keys you trust (C2SP tlog-policy); without it those of the export
          --retired FILE    older keys, one a line, each with the largest size it may have signed
          --known FOLDER    your own memory of checkpoints: finds a log that was rolled back or forked
          --without-rules   leaves recognitions and conversions unevaluated
          --balances FILE   writes the balance of every outcome
          --resume FILE     notes books that are done, and goes on behind them
          --in-memory N     how many events of a book are held in memory, 400000 without it; larger books are parted
          --spill FOLDER    where large books are parted; the system's temporary folder without it
          --keep FOLDER     where a live service's logs are fetched to
          --json            the report as JSON
          --quiet           no progress

        Options of a receipt    --policy FILE
        Options of a witness    --key FILE --policy FILE --state FOLDER [--listen http://127.0.0.1:5090]
        Options of witness-key  --key FILE

        Exit code: 0 everything holds, 1 something does not, 2 nothing could be checked.
        """;

    private static readonly string[] Flags = ["--json", "--quiet", "--without-rules"];

    private static readonly string[] Values =
    [
        "--policy",
        "--retired",
        "--known",
        "--balances",
        "--resume",
        "--in-memory",
        "--spill",
        "--keep",
        "--token",
        "--key",
        "--state",
        "--listen",
    ];

    /// <summary>Runs a command.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Where the page goes.</param>
    /// <param name="errors">Where progress and complaints go.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter errors)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(errors);
        try
        {
            var arguments = new Arguments(args, Flags, Values);
            switch (arguments.Words)
            {
                case ["receipt", var file]:
                    return ReceiptCheck.Run(file, PolicyOf(arguments.Required("--policy")), output);
                case ["witness-key", var name]:
                    return WitnessKey.Create(name, arguments.Required("--key"), output);
                case ["witness"]:
                    return await WitnessServer.RunAsync(arguments, SystemClock.Instance, output, errors);
                case [var source]:
                    return await VerifyAsync(source, arguments, output, errors);
                default:
                    await output.WriteLineAsync(Help);
                    return args.Count == 0 ? Holds : Unusable;
            }
        }
        catch (Exception unusable)
            when (unusable
                    is UnusableExportException
                        or IOException
                        or UnauthorizedAccessException
                        or HttpRequestException
            )
        {
            await errors.WriteLineAsync($"creditbank-verify: {unusable.Message}");
            return Unusable;
        }
    }

    /// <summary>Reads a policy file.</summary>
    /// <exception cref="UnusableExportException">It is none.</exception>
    internal static TrustPolicy PolicyOf(string path) =>
        !File.Exists(path) ? throw new UnusableExportException($"There is no policy {path}.")
        : TrustPolicy.TryParse(File.ReadAllBytes(path), out var policy, out var problem) ? policy
        : throw new UnusableExportException($"{path}: {problem.Code} in line {problem.Line}.");

    private static long InMemory(string? events) =>
        events is null ? ReplayOptions.EventsInMemoryUsual
        : long.TryParse(events, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count
        : throw new UnusableExportException("--in-memory wants a number of events, 1 or more.");

    private static async Task<int> VerifyAsync(string source, Arguments arguments, TextWriter output, TextWriter errors)
    {
        var progress = arguments.Has("--quiet") ? null : errors;
        var path = source;
        if (Uri.TryCreate(source, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            path = arguments.Of("--keep") ?? Directory.CreateTempSubdirectory("creditbank-fetched-").FullName;
            using var copy = new ServiceCopy(address, arguments.Required("--token"), path, progress);
            await copy.FetchAsync(SystemClock.Instance.GetCurrentInstant());
        }

        var folder = ExportFolder.Open(path);
        var spill = arguments.Of("--spill") ?? Directory.CreateTempSubdirectory("creditbank-parts-").FullName;
        using var balances = arguments.Of("--balances") is { } file ? new BalanceFile(file) : null;
        var options = new VerificationOptions(
            PolicyOf(arguments.Of("--policy") ?? Path.Combine(path, ExportLayout.PolicyFile)),
            arguments.Of("--retired") is { } retired ? RetiredKey.ReadFile(retired) : [],
            arguments.Of("--known"),
            arguments.Of("--resume"),
            spill,
            new ReplayOptions(!arguments.Has("--without-rules"), balances, InMemory(arguments.Of("--in-memory"))),
            progress
        );
        var report = new Verification(folder, options).Run();
        await output.WriteLineAsync(arguments.Has("--json") ? ReportJson.Of(report) : report.ToString());
        return report.Holds ? Holds : DoesNotHold;
    }
}
