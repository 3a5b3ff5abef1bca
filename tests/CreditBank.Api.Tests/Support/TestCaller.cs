using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CreditBank.Api.Tests.Contract;

namespace CreditBank.Api.Tests.Support;

/// <summary>Somebody who talks HTTP to the service.</summary>
public sealed class TestCaller
{
    private readonly HttpClient client;

    public TestCaller(HttpClient client, string? token)
    {
        this.client = client;
        Token = token;
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public HttpClient Client => client;

    public string? Token { get; }

    /// <summary>Adds a header to every request of this caller.</summary>
    public TestCaller With(string header, string value)
    {
        client.DefaultRequestHeaders.Remove(header);
        client.DefaultRequestHeaders.Add(header, value);
        return this;
    }

    public Task<Reply> Get(string path) => Send(HttpMethod.Get, path, null);

    public Task<Reply> Post(string path, object body) => Send(HttpMethod.Post, path, body);

    public Task<Reply> Put(string path, object body) => Send(HttpMethod.Put, path, body);

    public Task<Reply> Delete(string path) => Send(HttpMethod.Delete, path, null);

    /// <summary>Sends a body as it is, such as broken JSON or NDJSON.</summary>
    public async Task<Reply> PostRaw(string path, string body, string mediaType)
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content);
        return await Reply.From(response);
    }

    private async Task<Reply> Send(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            var json = body as string ?? JsonSerializer.Serialize(body, JsonSerializerOptions.Web);
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        using var response = await client.SendAsync(request);
        return await Reply.From(response);
    }
}

/// <summary>What came back.</summary>
public sealed record Reply(HttpStatusCode Status, string Text, HttpResponseHeaders Headers, string? MediaType)
{
    /// <summary>The body as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Text) ?? throw new InvalidOperationException($"Not JSON: {Text}");

    /// <summary>A problem's code.</summary>
    public string? Code => Json["code"]?.GetValue<string>();

    /// <summary>The state that stood in the way.</summary>
    public string? State => Json["state"]?.GetValue<string>();

    public static async Task<Reply> From(HttpResponseMessage response)
    {
        var reply = new Reply(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            response.Headers,
            response.Content.Headers.ContentType?.MediaType
        );
        if (reply.MediaType == "application/problem+json" && response.RequestMessage is { RequestUri: { } uri } asked)
        {
            ApprovedContract.Allows(asked.Method, uri.AbsolutePath, (int)reply.Status, reply.Code);
            Assert.True(
                reply.Status != HttpStatusCode.Conflict || reply.State is not null,
                $"{asked.Method} {uri.AbsolutePath} names no state: {reply.Text}"
            );
        }

        return reply;
    }

    /// <summary>This reply, when it has the status; otherwise the test fails with the body.</summary>
    public Reply Expect(HttpStatusCode status)
    {
        Assert.True(Status == status, $"Expected {(int)status}, got {(int)Status}: {Text}");
        return this;
    }
}
