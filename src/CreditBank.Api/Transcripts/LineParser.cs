using System.Text.Json;
using System.Text.Unicode;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Outcomes;
using FluentValidation;

namespace CreditBank.Api.Transcripts;

/// <summary>Reads records from lines: fast where they are right, thorough where something is wrong.</summary>
internal sealed class LineParser(IServiceProvider services, IValidator<RecordBody> validator, RowChecker checker)
{
    /// <summary>The row of a line.</summary>
    public CheckedRow Parse(int number, ReadOnlySpan<byte> text, bool isTooLong)
    {
        if (isTooLong)
        {
            return checker.Wrong(number, null, RowTexts.LineTooLong);
        }

        if (!Utf8.IsValid(text))
        {
            return checker.Wrong(number, null, RowTexts.LineEncoding);
        }

        return Read(text) is { } record && validator.Validate(record).IsValid
            ? checker.Check(number, record)
            : Explain(number, text.ToArray());
    }

    private static RecordBody? Read(ReadOnlySpan<byte> text)
    {
        try
        {
            return JsonSerializer.Deserialize<RecordBody>(text, RecordJson.Options);
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException or InvalidOperationException)
        {
            // The serializer stops at the first fault; whoever sent the line wants all of them.
            return null;
        }
    }

    private CheckedRow Explain(int number, byte[] text)
    {
        var findings = BodyGate.Findings(text, typeof(RecordBody), RecordJson.Options, services);
        return checker.Wrong(number, RecordIdIn(text), RowTexts.Fields(findings));
    }

    private static string? RecordIdIn(byte[] text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("recordId", out var id)
                && id.ValueKind == JsonValueKind.String
                ? id.GetString()
                : null;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // A line that is no JSON has no record id; the findings say so.
            return null;
        }
    }
}
