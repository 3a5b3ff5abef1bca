using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using NodaTime;

namespace CreditBank.Api.Notices;

/// <summary>What came of sending a notice.</summary>
/// <param name="Text">The HTTP status, or what kept it from getting one.</param>
/// <param name="IsTaken">Whether the receiver took it: a status of 200 to 299.</param>
/// <param name="IsGone">Whether the receiver wants no more of it: 410.</param>
public sealed record SendResult(string Text, bool IsTaken = false, bool IsGone = false);

/// <summary>
/// Sends notices. It follows no redirect and, outside the trial mode, connects to public addresses only: whoever
/// registers a webhook must not reach into the bank's own network with it.
/// </summary>
public sealed class WebhookSender : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly HttpClient client;

    /// <summary>Makes the client.</summary>
    public WebhookSender(DeploymentMode mode)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
        if (!mode.IsTrial)
        {
            handler.ConnectCallback = ConnectPublicly;
        }

        client = new HttpClient(handler) { Timeout = Patience };
    }

    /// <summary>Sends a notice once.</summary>
    public async Task<SendResult> Send(
        string url,
        string secret,
        Notice notice,
        Instant now,
        CancellationToken cancellation
    )
    {
        var body = WebhookSigning.BodyOf(notice);
        var id = "msg_" + notice.EventId.ToString("n");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(WebhookSigning.MediaType);
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSigning.Sign(secret, id, now, body));
        try
        {
            using var response = await client.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellation
            );
            var status = (int)response.StatusCode;
            return new SendResult(
                status.ToString(CultureInfo.InvariantCulture),
                response.IsSuccessStatusCode,
                response.StatusCode == HttpStatusCode.Gone
            );
        }
        catch (HttpRequestException fault)
        {
            return new SendResult(fault.HttpRequestError.ToString());
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new SendResult("Timeout");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    /// <summary>Looks at the addresses at the moment of connecting, so that a name cannot change its mind.</summary>
    private static async ValueTask<Stream> ConnectPublicly(
        SocketsHttpConnectionContext context,
        CancellationToken cancellation
    )
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation);
        var allowed = addresses.Where(PublicAddress.Is).ToArray();
        if (allowed.Length == 0)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "No public address.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
