using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Ledger;
using JasperFx;
using JasperFx.Events;
using JasperFx.MultiTenancy;
using Marten;
using Npgsql;
using Weasel.Core;
using Wolverine.Marten;

namespace CreditBank.Api.Composition;

/// <summary>
/// The event store: ledger books as tenants, each with its own partition, sequence and projections' progress.
/// </summary>
internal static class Storage
{
    /// <summary>The schema of events and documents.</summary>
    public const string Schema = "ledger";

    private const int PreparedStatements = 200;

    /// <summary>The schema of durable messages.</summary>
    public const string MessageSchema = "messages";

    /// <summary>The schema in which the books' partitions are listed.</summary>
    public const string PartitionSchema = "partitions";

    public static void AddLedgerStorage(this IServiceCollection services, string connectionString) =>
        services
            .AddMarten(options => Configure(options, connectionString, AutoCreate.None))
            .IntegrateWithWolverine(marten =>
            {
                marten.MessageStorageSchemaName = MessageSchema;
                marten.UseWolverineManagedEventSubscriptionDistribution = true;
            });

    /// <summary>
    /// The same store with the owner's connection, to bring the schema up to date; nothing else is done with it.
    /// </summary>
    public static DocumentStore OwnersStore(IServiceProvider services, string connectionString)
    {
        var options = new StoreOptions();
        Configure(options, connectionString, AutoCreate.CreateOrUpdate);
        foreach (var further in services.GetServices<IConfigureMarten>())
        {
            further.Configure(services, options);
        }

        return new DocumentStore(options);
    }

    private static void Configure(StoreOptions options, string connectionString, AutoCreate autoCreate)
    {
        options.Connection(ForTheLedger(connectionString));
        options.DatabaseSchemaName = Schema;
        options.AutoCreateSchemaObjects = autoCreate;
        NeverSendTwice(options);
        options.UseSystemTextJsonForSerialization(EnumStorage.AsString, Casing.CamelCase, LedgerJson.Configure);
        DealBooks(options);
        NameEvents(options);
        Features.Register(options);
    }

    /// <summary>
    /// The same connection with its sessions in UTC, because the append function writes the instant as a text without a
    /// zone; and with statements that are planned once a connection, unless the operator says how many.
    /// </summary>
    private static string ForTheLedger(string connectionString)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString) { Timezone = "UTC" };
        if (!connection.ShouldSerialize("Max Auto Prepare"))
        {
            connection.MaxAutoPrepare = PreparedStatements;
        }

        return connection.ConnectionString;
    }

    /// <summary>
    /// After a deadlock the store would send the same batch once more, on another connection, where the driver (9.0.5)
    /// takes its statements for prepared. A commit that lost is read and decided anew instead (<see cref="Races"/>).
    /// </summary>
    private static void NeverSendTwice(StoreOptions options) => options.ConfigureWritePolly(_ => { });

    private static void DealBooks(StoreOptions options)
    {
        options.Events.StreamIdentity = StreamIdentity.AsString;
        options.Events.TenancyStyle = TenancyStyle.Conjoined;
        options.Events.UseTenantPartitionedEvents = true;
        // The database stamps events with the begin of their transaction; SettledTime rests on that.
        options.Events.AppendMode = EventAppendMode.Quick;
        options.Listeners.Add(new EventIds());
        options.Events.MetadataConfig.CorrelationIdEnabled = true;
        options.Events.MetadataConfig.CausationIdEnabled = true;
        options.Events.MetadataConfig.UserNameEnabled = true;
        options.Policies.AllDocumentsAreMultiTenanted();
        options.Policies.PartitionMultiTenantedDocumentsUsingMartenManagement(PartitionSchema);
    }

    private static void NameEvents(StoreOptions options)
    {
        foreach (var (name, type) in EventCatalogue.TypesByName)
        {
            options.Events.MapEventType(type, name);
        }
    }
}
