using CreditBank.Api.Access;
using CreditBank.Api.Composition;
using CreditBank.Postgres;
using JasperFx.CommandLine;

namespace CreditBank.Api.Hosting.Commands;

/// <summary>What the token shall say.</summary>
public sealed class TokenInput
{
    /// <summary>One role or several, separated by commas.</summary>
    [Description("One role or several, separated by commas: operator, registry, learner, auditor ...")]
    public string Roles { get; set; } = string.Empty;

    /// <summary>The institution that institutional roles act for.</summary>
    [Description("The institution that institutional roles act for")]
    public string? InstitutionFlag { get; set; }

    /// <summary>A learner's account.</summary>
    [Description("A learner's account")]
    public string? AccountFlag { get; set; }

    /// <summary>The subject; another one is another person.</summary>
    [Description("The subject; another one is another person")]
    public string? SubjectFlag { get; set; }
}

/// <summary>Prints a development token of the embedded trial.</summary>
[Description("Print a token for the embedded trial, valid for a day", Name = "token")]
public sealed class TokenCommand : JasperFxAsyncCommand<TokenInput>
{
    /// <inheritdoc/>
    public override Task<bool> Execute(TokenInput input) => Plainly.Run(() => Print(input));

    private static async Task<bool> Print(TokenInput input)
    {
        var roles = input.Roles.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (roles.Except(CallerRoles.All).ToList() is { Count: > 0 } unknown)
        {
            throw new StartRefusedException(
                $"Unknown role {string.Join(", ", unknown)}. The roles are: {string.Join(", ", CallerRoles.All)}."
            );
        }

        var options = StartOptions.Read(new ConfigurationBuilder().AddEnvironmentVariables().Build());
        var keys = MasterKeyFile.Read(options.DataFolder ?? PostgresFolders.DefaultData());
        var token = IssueDevelopmentTokenEndpoint.Sign(
            new IssueDevelopmentToken
            {
                Roles = roles,
                Institution = input.InstitutionFlag,
                Account = input.AccountFlag,
                Subject = input.SubjectFlag,
            },
            keys,
            Service.Clock.GetCurrentInstant()
        );
        await Console.Out.WriteLineAsync(token.AccessToken);
        return true;
    }
}
