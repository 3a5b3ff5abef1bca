using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CreditBank.Api.Tests.Notices;

/// <summary>What a receiver got.</summary>
internal sealed record Received(string Id, string Timestamp, string Signature, string MediaType, string Body);

/// <summary>A receiver of webhooks on a real port, which answers as a test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication app;

    private Receiver(WebApplication app) => this.app = app;

    public ConcurrentQueue<Received> Got { get; } = new();

    public int Answer { get; set; } = 204;

    public string Url => app.Urls.First() + "/hooks";

    public static async Task<Receiver> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new Receiver(builder.Build());
        receiver.app.MapPost("/hooks", receiver.Take);
        await receiver.app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task<IResult> Take(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync();
        var headers = request.Headers;
        Got.Enqueue(
            new Received(
                headers["webhook-id"].ToString(),
                headers["webhook-timestamp"].ToString(),
                headers["webhook-signature"].ToString(),
                request.ContentType ?? string.Empty,
                body
            )
        );
        return Results.StatusCode(Answer);
    }
}
