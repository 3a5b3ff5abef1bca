using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CreditBank.Kernel;
using NodaTime;
using NodaTime.Serialization.SystemTextJson;

namespace CreditBank.Ledger;

/// <summary>
/// How ledger events stand in storage and in exports: camelCase, amounts as canonical strings, dates as
/// <c>YYYY-MM-DD</c>, no nulls. One definition for the service, the verifier and the tests.
/// </summary>
public static class LedgerJson
{
    /// <summary>Ready to use; read-only.</summary>
    public static readonly JsonSerializerOptions Options = Create();

    /// <summary>Puts the same rules on other options.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new CreditsAsTextConverter());
        options.ConfigureForNodaTime(DateTimeZoneProviders.Tzdb);
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private sealed class CreditsAsTextConverter : JsonConverter<Credits>
    {
        public override Credits Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            // Stored amounts are short texts without escapes; a string for each would be garbage at once.
            Span<char> text = stackalloc char[Credits.TextLengthMax];
            var isShort = !reader.HasValueSequence && reader.ValueSpan.Length <= text.Length;
            return isShort && Credits.TryParse(text[..reader.CopyString(text)], null, out var credits)
                ? credits
                : throw new JsonException("A stored amount is a string such as \"3.5\".");
        }

        public override void Write(Utf8JsonWriter writer, Credits value, JsonSerializerOptions options)
        {
            Span<char> text = stackalloc char[32];
            value.Value.TryFormat(text, out var length, provider: System.Globalization.CultureInfo.InvariantCulture);
            writer.WriteStringValue(text[..length]);
        }
    }
}
