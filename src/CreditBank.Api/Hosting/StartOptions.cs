using CreditBank.Api.Access;
using CreditBank.Api.Erasure;
using CreditBank.Api.Expiry;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;

namespace CreditBank.Api.Hosting;

/// <summary>What the operator can set, read from configuration (<c>CreditBank__…</c> in the environment).</summary>
public sealed class StartOptions
{
    /// <summary>The folder of the embedded database and its keys; none means the user's own data folder.</summary>
    public string? DataFolder { get; init; }

    /// <summary>How many books a new ledger gets, 1 to 256; none means 16.</summary>
    public int? Books { get; init; }

    /// <summary>How many days an undecided transfer holds credit, 1 to 3,650; none means 90.</summary>
    public int? HoldDays { get; init; }

    /// <summary>How many days a learner has for an appeal, 1 to 3,650; none means 10.</summary>
    public int? AppealDays { get; init; }

    /// <summary>How many days the panel has for its answer, 1 to 3,650; none means 15.</summary>
    public int? AppealAnswerDays { get; init; }

    /// <summary>How many years whose award it is must be known, 0 to 1,000; none means 0.</summary>
    public int RetentionYears { get; init; }

    /// <summary>
    /// A file of working days that takes the place of the one that ships with the bank; none means that one.
    /// </summary>
    public string? WorkingCalendarFile { get; init; }

    /// <summary>How many days ahead learners are told of what will expire, each from 1 to 3,650; none means 90 and
    /// 30.</summary>
    public IReadOnlyList<int>? ExpiryWarningDays { get; init; }

    /// <summary>The master key, 32 bytes in base64; required with a server of one's own.</summary>
    public string? MasterKey { get; init; }

    /// <summary>The master key that takes its place, 32 bytes in base64; read by <c>rotate-keys</c> only.</summary>
    public string? MasterKeyNext { get; init; }

    /// <summary>The seed of the key that signs checkpoints, 32 bytes in base64.</summary>
    public string? CheckpointKey { get; init; }

    /// <summary>The seed it replaces, while both sign; none outside of a rotation.</summary>
    public string? CheckpointKeyBefore { get; init; }

    /// <summary>The audit log.</summary>
    public AuditOptions Audit { get; init; } = new();

    /// <summary>The issuers of bearer tokens.</summary>
    public IReadOnlyList<TrustedIssuer> Issuers { get; init; } = [];

    /// <summary>Reads the section <c>CreditBank</c>.</summary>
    /// <exception cref="StartRefusedException">A value cannot be.</exception>
    public static StartOptions Read(IConfiguration configuration)
    {
        var options = configuration.GetSection("CreditBank").Get<StartOptions>() ?? new StartOptions();
        if (options.Books is < 1 or > 256)
        {
            throw new StartRefusedException("CreditBank:Books must be a number from 1 to 256.");
        }

        int?[] terms = [options.HoldDays, options.AppealDays, options.AppealAnswerDays];
        if (terms.Any(days => days is < 1 or > TransferTerms.DaysMax))
        {
            throw new StartRefusedException(
                "CreditBank:HoldDays, AppealDays and AppealAnswerDays must be numbers from 1 to 3650."
            );
        }

        if (options.ExpiryWarningDays?.Any(days => days is < 1 or > ExpiryTerms.DaysMax) == true)
        {
            throw new StartRefusedException("CreditBank:ExpiryWarningDays must be numbers from 1 to 3650.");
        }

        return options.RetentionYears is < 0 or > RetentionTerms.YearsMax
            ? throw new StartRefusedException("CreditBank:RetentionYears must be a number from 0 to 1000.")
            : options;
    }

    /// <summary>How long ahead learners are told of what will expire.</summary>
    public ExpiryTerms ExpiryTerms =>
        ExpiryWarningDays is { } days ? new() { WarningDays = [.. days.Distinct().OrderDescending()] } : new();

    /// <summary>How long transfers may take.</summary>
    public TransferTerms TransferTerms =>
        new()
        {
            HoldDays = HoldDays ?? TransferTerms.HoldDaysDefault,
            AppealDays = AppealDays ?? TransferTerms.AppealDaysDefault,
            AppealAnswerDays = AppealAnswerDays ?? TransferTerms.AppealAnswerDaysDefault,
        };

    /// <summary>How long the public record of an award is kept.</summary>
    public RetentionTerms RetentionTerms => new() { Years = RetentionYears };

    /// <summary>The working days: those of the operator's file, or those that ship with the bank.</summary>
    /// <exception cref="StartRefusedException">The file cannot be read, or is no calendar.</exception>
    public WorkingCalendar ReadCalendar()
    {
        if (string.IsNullOrEmpty(WorkingCalendarFile))
        {
            return WorkingCalendar.Shanghai;
        }

        try
        {
            using var text = File.OpenText(WorkingCalendarFile);
            return WorkingCalendar.Read(text);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new StartRefusedException($"CreditBank:WorkingCalendarFile cannot be used: {fault.Message}");
        }
    }

    /// <summary>The number of books, as storage wants it.</summary>
    public BookSettings BookSettings => new(Books);

    /// <summary>The seeds that sign checkpoints, the current one first; none configured is none.</summary>
    /// <exception cref="StartRefusedException">One is no seed.</exception>
    public IReadOnlyList<ReadOnlyMemory<byte>> CheckpointSeeds()
    {
        var seeds = new List<ReadOnlyMemory<byte>>();
        foreach (var text in new[] { CheckpointKey, CheckpointKeyBefore }.OfType<string>())
        {
            var seed = KeyFile.TryDecode(text);
            seeds.Add(seed ?? throw new StartRefusedException("CreditBank:CheckpointKey is not 32 bytes in base64."));
        }

        return seeds;
    }

    /// <summary>The vault's keys of a server of one's own.</summary>
    /// <exception cref="StartRefusedException">There is no master key, or it is no key.</exception>
    public VaultKeys ConfiguredKeys()
    {
        if (MasterKey is null)
        {
            throw new StartRefusedException(
                "With a database server of your own the master key must be configured: "
                    + "CreditBank__MasterKey, 32 random bytes in base64. Losing it loses every name in the vault. "
                    + "One way to make one: head -c 32 /dev/urandom | base64"
            );
        }

        return new VaultKeys(
            KeyFile.TryDecode(MasterKey)
                ?? throw new StartRefusedException("CreditBank:MasterKey is not 32 bytes in base64.")
        );
    }

    /// <summary>The master key that shall take the place of the configured one; none when none is configured.</summary>
    /// <exception cref="StartRefusedException">It is no key.</exception>
    public MasterKey? ConfiguredNextMasterKey() =>
        string.IsNullOrEmpty(MasterKeyNext) ? null
        : KeyFile.TryDecode(MasterKeyNext) is { } key ? new MasterKey(key)
        : throw new StartRefusedException("CreditBank:MasterKeyNext is not 32 bytes in base64.");
}

/// <summary>The service cannot start, for a reason the operator can mend. The message says which.</summary>
public sealed class StartRefusedException(string message) : Exception(message);
