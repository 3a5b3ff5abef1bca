using CreditBank.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

// A process in miniature, for tests that kill one: starts a server, says so, and waits.
try
{
    if (args is ["throwaway"])
    {
        var throwaway = await ThrowawayPostgres.SharedAsync();
        Console.WriteLine(throwaway.Server.Folder);
        await Console.In.ReadLineAsync();
        return 0;
    }
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
