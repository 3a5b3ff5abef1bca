using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CreditBank.Verifier;

/// <summary>The report for machines.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The report as one JSON object.</summary>
    public static string Of(VerificationReport report) =>
        JsonSerializer.Serialize(
            new
            {
                report.Manifest.Bank,
                ExportedAt = report.Manifest.ExportedAt.ToString(),
                report.Holds,
                report.Leaves,
                Seconds = Math.Round((decimal)report.Elapsed.TotalSeconds, 2),
                report.FindingsTotal,
                report.First,
                report.Checks,
                Books = report.Books.Select(book => new
                {
                    book.Log,
                    book.Leaves,
                    book.LateEvents,
                }),
                TrialBalance = report.Sums,
                report.Findings,
            },
            Options
        );
}
