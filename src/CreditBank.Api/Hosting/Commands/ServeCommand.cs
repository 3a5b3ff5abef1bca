using JasperFx.CommandLine;

namespace CreditBank.Api.Hosting.Commands;

/// <summary>Serves; also what the program does without a command.</summary>
[Description("Serve: start the database if it is the embedded one, and listen", Name = "serve")]
public sealed class ServeCommand : JasperFxAsyncCommand<NetCoreInput>
{
    /// <inheritdoc/>
    public override async Task<bool> Execute(NetCoreInput input)
    {
        using var host = input.BuildHost();
        await host.RunAsync();
        return true;
    }
}
