using CreditBank.Api.AuditLog;
using CreditBank.Ledger.Audit;

namespace CreditBank.Api.Hosting;

/// <summary>What the operator can set about the audit log (<c>CreditBank__Audit__…</c> in the environment).</summary>
public sealed class AuditOptions
{
    /// <summary>The bank's name in checkpoints, such as <c>bank.example/ledger</c>; never changed later.</summary>
    public string? BankName { get; init; }

    /// <summary>Where the last signed checkpoints are kept; not on the database's disk.</summary>
    public string? Folder { get; init; }

    /// <summary>Where tiles are written as plain files, for a web server; none means nowhere.</summary>
    public string? TilesFolder { get; init; }

    /// <summary>A policy file (C2SP tlog-policy) that names witnesses; none means no witness.</summary>
    public string? Policy { get; init; }

    /// <summary>The settings of a log that signs with these seeds.</summary>
    /// <exception cref="StartRefusedException">A value cannot be.</exception>
    internal AuditLogSettings ToSettings(IReadOnlyList<ReadOnlyMemory<byte>> seeds, string? defaultFolder)
    {
        var name = BankName ?? AuditLogSettings.Off.BankName;
        if (name.Length == 0 || name.Any(character => character is '+' or <= ' ' || char.IsWhiteSpace(character)))
        {
            throw new StartRefusedException("CreditBank:Audit:BankName must have no spaces and no plus.");
        }

        return new AuditLogSettings
        {
            IsOn = true,
            BankName = name,
            Seeds = seeds,
            Folder = Folder ?? defaultFolder,
            TilesFolder = TilesFolder,
            Policy = ReadPolicy(),
        };
    }

    private TrustPolicy? ReadPolicy()
    {
        if (Policy is null)
        {
            return null;
        }

        if (!File.Exists(Policy))
        {
            throw new StartRefusedException($"There is no policy file {Policy}.");
        }

        return TrustPolicy.TryParse(File.ReadAllBytes(Policy), out var policy, out var problem)
            ? policy
            : throw new StartRefusedException($"{Policy}: {problem.Code} in line {problem.Line}.");
    }
}
