using CreditBank.Api.Access;
using CreditBank.Api.Composition;
using CreditBank.Api.Hosting.Commands;
using CreditBank.Api.Infrastructure.Schema;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Postgres;
using JasperFx;
using JasperFx.CommandLine;

namespace CreditBank.Api.Hosting;

/// <summary>What the program does with its arguments. Without any it serves.</summary>
public static class CommandLine
{
    private const string DefaultAddress = "http://127.0.0.1:5080";

    /// <summary>Commands that need no database, or the running service's.</summary>
    private static readonly HashSet<string> WithoutDatabase = ["codegen", "help", "?"];

    /// <summary>Commands that stand alone and print nothing but their result.</summary>
    private static readonly HashSet<string> Alone = ["token", "import", "rules", "backup", "restore"];

    /// <summary>Brings the schema up to date, as the owner; in the place of the framework's own.</summary>
    private const string ApplySchema = "db-apply";

    /// <summary>Runs a command.</summary>
    /// <returns>0 when it went well; 1 with a message in words when it did not.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            return await RunCommandAsync(args);
        }
        catch (Exception refused) when (refused is StartRefusedException or PostgresUnavailableException)
        {
            await Console.Error.WriteLineAsync($"CreditBank did not start: {refused.Message}");
            return 1;
        }
    }

    private static async Task<int> RunCommandAsync(string[] args)
    {
        if (args.Length > 0 && Alone.Contains(args[0]))
        {
            return await CommandExecutor.For(RegisterAlone).ExecuteAsync(args);
        }

        var builder = WebApplication.CreateBuilder(args);
        var options = StartOptions.Read(builder.Configuration);
        if (args.Length > 0 && WithoutDatabase.Contains(args[0]))
        {
            return await RunFrameworkAsync(builder, SettingsWithoutDatabase(), args);
        }

        if (args is [ApplySchema, ..] && Database.Configured(builder.Configuration) is var (service, owner))
        {
            return await ApplySchemaAsync(
                builder,
                SettingsWithoutDatabase() with
                {
                    ConnectionString = service,
                    OwnerConnectionString = owner,
                    Books = options.BookSettings,
                }
            );
        }

        using var loggers = LoggerFactory.Create(logging => logging.AddConsole());
        await using var database = await Database.OpenAsync(
            builder.Configuration,
            options,
            loggers.CreateLogger("CreditBank.Postgres"),
            CancellationToken.None
        );
        var settings = SettingsOf(builder, database, options);
        return args is [ApplySchema, ..]
            ? await ApplySchemaAsync(builder, settings)
            : await RunFrameworkAsync(builder, settings, args);
    }

    private static async Task<int> ApplySchemaAsync(WebApplicationBuilder builder, ServiceSettings settings)
    {
        Service.Register(builder, settings);
        await using var app = builder.Build();
        var changed = await app.Services.GetRequiredService<LedgerSchema>().PrepareAsync(CancellationToken.None);
        Console.WriteLine(
            changed
                ? $"The schema was brought up to version {SchemaMark.CurrentVersion}."
                : $"The schema is of version {SchemaMark.CurrentVersion} already; nothing was changed."
        );
        return 0;
    }

    private static void RegisterAlone(CommandFactory commands)
    {
        commands.RegisterCommand<TokenCommand>();
        commands.RegisterCommand<ImportCommand>();
        commands.RegisterCommand<RulesCommand>();
        commands.RegisterCommand<BackupCommand>();
        commands.RegisterCommand<RestoreCommand>();
    }

    private static async Task<int> RunFrameworkAsync(
        WebApplicationBuilder builder,
        ServiceSettings settings,
        string[] args
    )
    {
        Service.Register(builder, settings);
        var app = builder.Build();
        Service.Map(app);
        Banner.PrintWhenReady(app, settings.Mode);
        if (args.Length > 0 && !args[0].StartsWith('-'))
        {
            return await app.RunJasperFxCommands(args);
        }

        await app.RunAsync();
        return 0;
    }

    private static ServiceSettings SettingsOf(WebApplicationBuilder builder, Database database, StartOptions options)
    {
        var addresses = builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey);
        if (string.IsNullOrEmpty(addresses))
        {
            builder.WebHost.UseUrls(DefaultAddress);
            addresses = DefaultAddress;
        }

        var trial = database.Embedded is not null && addresses.Split(';').All(IsLoopback);
        return new ServiceSettings
        {
            ConnectionString = database.ConnectionString,
            OwnerConnectionString = database.OwnerConnectionString,
            Keys = database.Keys,
            AuditLog = database.AuditLog,
            Embedded = database.Embedded,
            Mode = new DeploymentMode(
                trial,
                trial
                    ? Authentication.DevelopmentIssuer
                    : options.Issuers.Select(issuer => issuer.Authority).FirstOrDefault(string.Empty)
            ),
            Books = options.BookSettings,
            Expiry = options.ExpiryTerms,
            Transfers = options.TransferTerms,
            Retention = options.RetentionTerms,
            Calendar = options.ReadCalendar(),
            Issuers = options.Issuers,
        };
    }

    private static ServiceSettings SettingsWithoutDatabase() =>
        new()
        {
            ConnectionString = "Host=localhost;Database=none",
            Keys = new VaultKeys(new byte[MasterKey.Bytes]),
            Mode = new DeploymentMode(false, string.Empty),
        };

    private static bool IsLoopback(string address) =>
        Uri.TryCreate(
            address.Replace("*", "any", StringComparison.Ordinal).Replace("+", "any", StringComparison.Ordinal),
            UriKind.Absolute,
            out var uri
        ) && uri.IsLoopback;
}
