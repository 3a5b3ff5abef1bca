using CreditBank.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

// A service in miniature, for tests that kill one: starts on the folder named, says so, and waits.
try
{
    var options = new EmbeddedPostgresOptions { DataFolder = args[0], MayFetch = false };
    await using var postgres = await EmbeddedPostgres.StartAsync(options, NullLogger.Instance);
    Console.WriteLine("ready");
    await Console.In.ReadLineAsync();
    return 0;
}
catch (PostgresUnavailableException unavailable)
{
    Console.WriteLine(unavailable.Code);
    return 1;
}
