using System.Text.Json;
using System.Text.Json.Serialization;
using CreditBank.Api.Access;
using CreditBank.Api.Audit;
using CreditBank.Api.AuditLog;
using CreditBank.Api.Composition.Contract;
using CreditBank.Api.Erasure;
using CreditBank.Api.Expiry;
using CreditBank.Api.Health;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Schema;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.KeyRotation;
using CreditBank.Api.Outcomes;
using CreditBank.Api.RuleSets;
using CreditBank.Api.Transcripts;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Postgres;
using FluentValidation;
using JasperFx;
using JasperFx.CodeGeneration;
using Microsoft.AspNetCore.Authorization;
using NodaTime;
using NodaTime.Serialization.SystemTextJson;
using Wolverine;
using Wolverine.ErrorHandling;
using Wolverine.Http;

namespace CreditBank.Api.Composition;

/// <summary>Puts the service together.</summary>
public static class Service
{
    /// <summary>The only place that knows the time; everything else is told.</summary>
    public static readonly IClock Clock = SystemClock.Instance;

    /// <summary>Registers everything the service consists of.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="settings">What the start found out: database, master key, mode.</param>
    public static void Register(WebApplicationBuilder builder, ServiceSettings settings)
    {
        var services = builder.Services;
        services.AddSingleton(Clock);
        services.AddSingleton(settings.Mode);
        services.AddSingleton(settings.Books);
        services.AddSingleton(settings.Expiry);
        services.AddSingleton(settings.Transfers);
        services.AddSingleton(settings.Retention);
        services.AddSingleton(settings.Calendar);
        services.AddSingleton<LaterMessages>();
        services.AddSingleton(settings.Keys);
        services.AddSingleton<LedgerBooks>();
        services.AddSingleton<IdentityVault>();
        services.AddSingleton<KeyRingStore>();
        services.AddSingleton<DataKeyRotation>();
        services.AddSingleton<MasterKeyRotation>();
        services.AddSingleton(settings.RuleSets);
        services.AddSingleton<RuleSetLibrary>();
        services.AddSingleton<PublishShippedRuleSets>();
        services.AddSingleton<Recording>();
        Features.Register(services);
        services.AddSingleton(new DatabaseAccess(settings.ConnectionString, settings.OwnerConnectionString));
        services.AddSingleton<LedgerSchema>();
        services.AddHostedService<RotationWatch>();
        services.AddHostedService<BookKeeping>();
        services.AddLedgerStorage(settings.ConnectionString);
        services.AddBearerTokens(settings.Issuers, settings.Keys, settings.Mode.IsTrial);
        services.ConfigureHttpJsonOptions(options => ConfigureJson(options.SerializerOptions));
        services.AddProblemDetails(options => options.CustomizeProblemDetails = BareAnswers.Customize);
        services.AddValidatorsOf(typeof(Service).Assembly);
        services.AddTranscripts();
        services.AddSingleton(new EmbeddedDatabase(settings.Embedded));
        services.AddAudit();
        services.AddHealth();
        services.AddAuditLog(settings.AuditLog);
        services.AddRateLimits(settings.RateLimits);
        services.AddContract();
        builder.AddTelemetry();
        services.AddWolverineHttp();
        builder.Host.UseWolverine(options => ConfigureWolverine(options, settings));
    }

    /// <summary>Maps the requests.</summary>
    public static void Map(WebApplication app)
    {
        app.UseMiddleware<FaultGate>();
        app.UseStatusCodePages(context => BareAnswers.Write(context.HttpContext));
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<CallerGate>();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UseMiddleware<AsOfGate>();
        app.UseMiddleware<BodyGate>();
        app.MapContract();
        app.MapHealth();
        app.MapAuditLog();
        PostTranscriptLines.Map(app);
        app.MapWolverineEndpoints(options =>
        {
            options.RequireAuthorizeOnAll();
            options.ConfigureEndpoints(RememberAnswers);
        });
    }

    /// <summary>
    /// How bodies look over HTTP: camelCase, amounts as numbers, dates as text, nothing for what is missing.
    /// </summary>
    public static void ConfigureJson(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.ConfigureForNodaTime(DateTimeZoneProviders.Tzdb);
    }

    /// <summary>
    /// Every POST of a known caller honours <c>Idempotency-Key</c> for a day: the same caller, key and bytes get the
    /// first answer again.
    /// </summary>
    private static void RememberAnswers(HttpChain chain)
    {
        var isOpen = chain.Method.Method.IsDefined(typeof(AllowAnonymousAttribute), inherit: false);
        if (chain.HttpMethods.Contains("POST") && !isOpen)
        {
            chain.DeduplicatedWithResponse = new DeduplicatedWithResponseRequirement
            {
                Scope = DeduplicationScope.User | DeduplicationScope.Endpoint,
                Required = false,
            };
        }
    }

    private static void ConfigureWolverine(WolverineOptions options, ServiceSettings settings)
    {
        options.ApplicationAssembly = typeof(Service).Assembly;
#if DEBUG
        options.CodeGeneration.TypeLoadMode = TypeLoadMode.Dynamic;
#else
        options.CodeGeneration.TypeLoadMode = TypeLoadMode.Static;
#endif
        options.Durability.Mode = settings.Mode.IsTrial ? DurabilityMode.Solo : DurabilityMode.Balanced;
        options.Durability.EnableDeduplicatedResponses = true;
        options.AutoBuildMessageStorageOnStartup = AutoCreate.None;
        options.Policies.UseDurableLocalQueues();
        // The database is away for a moment: the message waits for it, however often that happens.
        options
            .Policies.OnException(Outages.IsAway)
            .ScheduleRetryIndefinitely(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
        options.LocalQueueFor<RunReplay>().Sequential();
        options.LocalQueueFor<RunImpact>().Sequential();
    }

    private static void AddValidatorsOf(this IServiceCollection services, System.Reflection.Assembly assembly)
    {
        foreach (var validator in assembly.GetTypes().Where(type => !type.IsAbstract))
        {
            var contract = validator
                .GetInterfaces()
                .FirstOrDefault(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IValidator<>));
            if (contract is not null)
            {
                services.AddSingleton(contract, validator);
            }
        }
    }
}

/// <summary>What the start found out before the service is put together.</summary>
public sealed record ServiceSettings
{
    /// <summary>The database, with the rights of the service's role.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The same database with the rights of the schema's owner, used at start; none is not given.</summary>
    public string? OwnerConnectionString { get; init; }

    /// <summary>The vault's keys.</summary>
    public required VaultKeys Keys { get; init; }

    /// <summary>Trial or service.</summary>
    public required DeploymentMode Mode { get; init; }

    /// <summary>The embedded database; none with a server of one's own.</summary>
    public EmbeddedPostgres? Embedded { get; init; }

    /// <summary>Books of a new ledger.</summary>
    public BookSettings Books { get; init; } = new(null);

    /// <summary>How long ahead learners are told of what will expire.</summary>
    public ExpiryTerms Expiry { get; init; } = new();

    /// <summary>How long transfers may take.</summary>
    public TransferTerms Transfers { get; init; } = new();

    /// <summary>How long the public record of an award is kept.</summary>
    public RetentionTerms Retention { get; init; } = new();

    /// <summary>The working days.</summary>
    public WorkingCalendar Calendar { get; init; } = WorkingCalendar.Shanghai;

    /// <summary>Token issuers the bank trusts.</summary>
    public IReadOnlyList<TrustedIssuer> Issuers { get; init; } = [];

    /// <summary>How the audit log runs; off unless given.</summary>
    public AuditLogSettings AuditLog { get; init; } = AuditLogSettings.Off;

    /// <summary>The rule sets that ship with the service.</summary>
    public ShippedRuleSets RuleSets { get; init; } = ShippedRuleSets.Default;

    /// <summary>How often anyone may call.</summary>
    public RateLimitSettings RateLimits { get; init; } = new();
}
