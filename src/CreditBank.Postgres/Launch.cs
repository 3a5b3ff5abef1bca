using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace CreditBank.Postgres;

/// <summary>Starts the server on a prepared folder and waits until it is ready.</summary>
internal static class Launch
{
    /// <summary>Writes the settings, starts the server and waits.</summary>
    /// <param name="ready">What was prepared.</param>
    /// <param name="samePort">The port of the server before this one; none to choose one.</param>
    /// <param name="ct">Gives up; the server is stopped.</param>
    /// <exception cref="PostgresUnavailableException"><c>postgres.start-failed</c>.</exception>
    public static async Task<(Postmaster Postmaster, int? Port)> RunAsync(
        Preparation ready,
        int? samePort,
        CancellationToken ct
    )
    {
        // A free port can be taken by another program before the server gets there; the socket cannot.
        for (var attempt = 1; ; attempt++)
        {
            var port = samePort ?? ChoosePort(ready);
            ready.WriteSettings(ready.Folder.SocketFolder, port);
            var postmaster = Postmaster.Start(ready.Binaries, ready.Folder, ready.User);
            try
            {
                var readiness = postmaster.BecomesReadyAsync(ready.Options.StartLimit, ct);
                // After a crash the server replays its log first.
                await Patience.ShowAsync(
                    readiness,
                    s => ready.Log.LogInformation("Still starting, {Seconds} s so far", s)
                );
                if (await readiness)
                    return (postmaster, port);
            }
            catch
            {
                await postmaster.StopAsync(ready.Options.StopLimit);
                postmaster.Dispose();
                throw;
            }
            await postmaster.StopAsync(ready.Options.StopLimit);
            var tail = postmaster.LogTail();
            postmaster.Dispose();
            if (
                attempt < 5
                && ready.Options.Port is null or 0
                && tail.Contains("could not bind", StringComparison.Ordinal)
            )
                continue;
            throw new PostgresUnavailableException(
                PostgresUnavailableException.StartFailed,
                $"PostgreSQL {ready.Binaries.Version} did not start on {ready.Folder.Cluster}. "
                    + $"Its log ends with:\n{tail}"
            );
        }
    }

    private static int? ChoosePort(Preparation ready)
    {
        if (ready.Options.Port is { } wanted and not 0)
            return wanted;
        if (ready.Options.Port is null && ready.Folder.SocketFolder is not null)
            return null;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
