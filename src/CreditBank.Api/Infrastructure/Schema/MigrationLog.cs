using System.Data.Common;
using Weasel.Core.Migrations;

namespace CreditBank.Api.Infrastructure.Schema;

/// <summary>Schema changes go to the log; unless told, the library writes them to the console.</summary>
internal sealed class MigrationLog(ILogger log) : IMigrationLogger
{
    public void SchemaChange(string sql) => log.LogDebug("{Sql}", sql);

    public void OnFailure(DbCommand command, Exception ex) =>
        throw new InvalidOperationException($"A change of the schema failed: {command.CommandText}", ex);
}
