using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Postgres;

namespace CreditBank.Api.Hosting.Commands;

/// <summary>Runs a command so that what the caller can mend is one line of words, not a stack trace.</summary>
internal static class Plainly
{
    /// <returns>What the command says; false when it was refused or the service or the database is not there.</returns>
    public static async Task<bool> Run(Func<Task<bool>> command)
    {
        try
        {
            return await command();
        }
        catch (Exception refused)
            when (refused is StartRefusedException or HttpRequestException or PostgresUnavailableException
                || Outages.IsAway(refused)
            )
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return false;
        }
    }
}
