using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;

namespace CreditBank.Api.Notices;

/// <summary>
/// What is sent, as Standard Webhooks 1.0 has it: a CloudEvents 1.0 body, signed with HMAC-SHA256 over id, time and
/// body. Pure.
/// </summary>
public static class WebhookSigning
{
    /// <summary>The media type of the body (CloudEvents, JSON format, structured mode).</summary>
    public const string MediaType = "application/cloudevents+json";

    /// <summary>How a secret begins when it is shown.</summary>
    public const string SecretPrefix = "whsec_";

    private const int SecretBytes = 32;

    /// <summary>A new secret, in the form in which it is shown once.</summary>
    public static string NewSecret() =>
        SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>The value of <c>webhook-signature</c>.</summary>
    /// <param name="secret">As it was shown.</param>
    /// <param name="id">The value of <c>webhook-id</c>.</param>
    /// <param name="sentAt">The instant in <c>webhook-timestamp</c>, in seconds.</param>
    /// <param name="body">The body as it is sent.</param>
    public static string Sign(string secret, string id, Instant sentAt, string body)
    {
        var key = Convert.FromBase64String(secret[SecretPrefix.Length..]);
        var text = string.Create(CultureInfo.InvariantCulture, $"{id}.{sentAt.ToUnixTimeSeconds()}.{body}");
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>The body of a notice.</summary>
    public static string BodyOf(Notice notice) =>
        new JsonObject
        {
            ["specversion"] = "1.0",
            ["id"] = notice.EventId.ToString("n"),
            ["source"] = "/v1",
            ["type"] = "org.creditbank." + notice.Type + ".v1",
            ["subject"] = notice.SubjectId,
            ["time"] = InstantPattern.ExtendedIso.Format(notice.RecordedAt),
            ["datacontenttype"] = "application/json",
            ["data"] = new JsonObject { ["type"] = notice.Type, ["subjectId"] = notice.SubjectId },
        }.ToJsonString(new JsonSerializerOptions { WriteIndented = false });
}
