using System.Net;
using System.Net.Sockets;
using System.Text;
using CreditBank.Api.Access;
using CreditBank.Api.Composition;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Transcripts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace CreditBank.Api.Tests.Transcripts;

public sealed class CutConnectionTests
{
    [Fact]
    public async Task what_came_before_a_cut_stays_and_sending_it_again_completes_it()
    {
        var service = await TestService.SharedAsync();
        var registry = await Registry.At("tc-cut");
        string[] lines =
        [
            .. Enumerable.Range(0, 6_000).Select(n => Registry.Line(registry.Record($"r-{n}", $"s-{n / 10}"))),
        ];
        var path = $"/v1/transcripts/{Transcript.IdOf("tc-cut", "t1")}";

        await SendAndCut(service, string.Join('\n', [registry.Header("t1", 6_000), .. lines[..5_000]]) + "\n{\"rec");
        var cut = (await registry.Caller.Get(path)).Expect(HttpStatusCode.OK);
        var whole = (await registry.PostLines("t1", 6_000, lines)).Expect(HttpStatusCode.Accepted);

        Assert.Equal("incomplete", cut.Json["state"]!.GetValue<string>());
        var stored = cut.Json["accepted"]!.GetValue<int>();
        Assert.InRange(stored, 1, 5_000);
        Assert.Equal("complete", whole.Json["state"]!.GetValue<string>());
        Assert.Equal((6_000 - stored, stored, 0, 0), whole.Counts());
    }

    /// <summary>
    /// A real server and a real socket that is torn down in mid-body. Stopping waits for what it was doing.
    /// </summary>
    private static async Task SendAndCut(TestService service, string body)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        Service.Register(builder, service.Settings);
        await using var app = builder.Build();
        Service.Map(app);
        await app.StartAsync();
        var address = new Uri(app.Urls.First());
        using (var socket = new TcpClient(address.Host, address.Port))
        {
            var stream = socket.GetStream();
            var bytes = Encoding.UTF8.GetBytes(body);
            var head =
                $"POST /v1/transcripts HTTP/1.1\r\nHost: {address.Authority}\r\n"
                + $"Authorization: Bearer {Token(service)}\r\n"
                + $"Content-Type: application/x-ndjson\r\nContent-Length: {bytes.Length + 1_000}\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
            await stream.WriteAsync(bytes);
            socket.Client.Shutdown(SocketShutdown.Send);

            await UntilAnsweredOrClosed(stream);
        }

        await app.StopAsync();
    }

    /// <summary>The server answers or hangs up, by a reset as well, once it has dealt with what it got.</summary>
    private static async Task UntilAnsweredOrClosed(NetworkStream stream)
    {
        var failure = await Record.ExceptionAsync(async () => _ = await stream.ReadAsync(new byte[1]));
        Assert.True(failure is null or IOException, failure?.ToString());
    }

    private static string Token(TestService service) =>
        IssueDevelopmentTokenEndpoint
            .Sign(
                new IssueDevelopmentToken { Roles = ["registry"], Institution = "tc-cut" },
                service.Settings.Keys,
                SystemClock.Instance.GetCurrentInstant()
            )
            .AccessToken;
}
