using System.Text.Json.Nodes;
using CreditBank.Api.AuditLog;
using CreditBank.Verifier;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.AuditLog;

/// <summary>An export on disk, and what the verifier says of it.</summary>
internal static class Export
{
    /// <summary>Writes what was signed into a folder of its own.</summary>
    public static async Task<string> WriteAsync(AuditService audit)
    {
        var folder = Directory.CreateTempSubdirectory("creditbank-export-").FullName;
        await audit
            .Service.Services.GetRequiredService<LogExport>()
            .WriteAsync(folder, (_, _, _) => { }, CancellationToken.None);
        return folder;
    }

    /// <summary>Seals and signs everything, and exports it.</summary>
    public static async Task<string> OfAllAsync(AuditService audit)
    {
        await audit.CatchUpAsync();
        return await WriteAsync(audit);
    }

    /// <summary>Runs creditbank-verify.</summary>
    public static async Task<VerifierAnswer> VerifyAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await CommandLine.RunAsync([.. args, "--json", "--quiet"], output, errors);
        var text = output.ToString();
        return new VerifierAnswer(code, text.StartsWith('{') ? JsonNode.Parse(text) : null, text + errors);
    }
}

/// <summary>What creditbank-verify answered.</summary>
internal sealed record VerifierAnswer(int ExitCode, JsonNode? Report, string Text)
{
    /// <summary>The code of the first finding.</summary>
    public string? First => (string?)Report?["first"]?["code"];

    /// <summary>Fails unless everything holds.</summary>
    public VerifierAnswer ExpectHolds()
    {
        Assert.True(ExitCode == CommandLine.Holds, Text);
        return this;
    }

    /// <summary>Fails unless that was found among others.</summary>
    public void ExpectFinding(string code, string log)
    {
        Assert.True(ExitCode == CommandLine.DoesNotHold, Text);
        Assert.Contains(
            Report!["findings"]!.AsArray(),
            finding => (string?)finding!["code"] == code && (string?)finding["log"] == log
        );
    }

    /// <summary>Fails unless the first finding is that one.</summary>
    public VerifierAnswer ExpectFirst(string code, string? log = null, long? index = null)
    {
        Assert.True(ExitCode == CommandLine.DoesNotHold, Text);
        var first = Report!["first"]!;
        Assert.True(code == (string?)first["code"], Text);
        if (log is not null)
        {
            Assert.Equal(log, (string?)first["log"]);
        }

        if (index is not null)
        {
            Assert.Equal(index, (long?)first["index"]);
        }

        return this;
    }
}
