using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CreditBank.Api.Hosting.Import;

/// <summary>How the records were answered.</summary>
/// <param name="Accepted">Recorded now.</param>
/// <param name="Duplicates">Recorded before.</param>
/// <param name="Suspended">Waiting for an account.</param>
/// <param name="Rejected">Refused, with a reason each.</param>
/// <param name="Elapsed">From the first byte to the last answer.</param>
public sealed record UploadTotals(int Accepted, int Duplicates, int Suspended, int Rejected, TimeSpan Elapsed)
{
    /// <summary>All records.</summary>
    public int Answered => Accepted + Duplicates + Suspended + Rejected;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Answered:n0} records answered: {Accepted:n0} accepted, {Duplicates:n0} duplicate, {Suspended:n0} suspended, "
        + $"{Rejected:n0} rejected, in {Elapsed.TotalSeconds:n1} s";
}

/// <summary>Posts transcripts as NDJSON and says how far it is.</summary>
public sealed class TranscriptUpload(HttpClient client, string? token, TextWriter output)
{
    /// <summary>Posts all of them, one after another.</summary>
    /// <exception cref="StartRefusedException">The service refuses a whole transcript, or no token can be
    /// had.</exception>
    public async Task<UploadTotals> RunAsync(IReadOnlyList<PreparedTranscript> transcripts)
    {
        await SignIn();
        await EnsureInstitution();
        var all = transcripts.Sum(transcript => transcript.Records.Count);
        var watch = Stopwatch.StartNew();
        var totals = new UploadTotals(0, 0, 0, 0, TimeSpan.Zero);
        foreach (var transcript in transcripts)
        {
            totals = Add(totals, await Post(transcript)) with { Elapsed = watch.Elapsed };
            var left = watch.Elapsed / totals.Answered * (all - totals.Answered);
            await output.WriteLineAsync(
                $"{transcript.Reference}: {totals.Answered:n0} of {all:n0}, "
                    + $"{totals.Answered / watch.Elapsed.TotalSeconds:n0} records/s, {left.TotalSeconds:n0} s left"
            );
        }

        return totals;
    }

    private async Task SignIn()
    {
        var bearer = token;
        if (bearer is null)
        {
            var wanted = new { roles = new[] { "operator", "registry" }, institution = OuladTranscripts.InstitutionId };
            using var response = await client.PostAsJsonAsync("/v1/dev/tokens", wanted);
            if (!response.IsSuccessStatusCode)
            {
                throw new StartRefusedException("The service issues no development tokens; pass one with --token.");
            }

            bearer = (await response.Content.ReadFromJsonAsync<JsonObject>())!["accessToken"]!.GetValue<string>();
        }

        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
    }

    private async Task EnsureInstitution()
    {
        var body = new
        {
            institutionId = OuladTranscripts.InstitutionId,
            name = new { zh = "英国开放大学", en = "The Open University" },
            kind = "openUniversity",
            country = "GB",
            accreditation = new { kinds = new[] { "academicCourse" }, from = "1969-04-23" },
        };
        using var response = await client.PostAsJsonAsync("/v1/institutions", body);
        if (response.StatusCode is not (HttpStatusCode.Created or HttpStatusCode.Conflict))
        {
            throw new StartRefusedException(await response.Content.ReadAsStringAsync());
        }
    }

    private async Task<JsonNode> Post(PreparedTranscript transcript)
    {
        using var content = new StringContent(Body(transcript), Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var posted = await client.PostAsync(new Uri("/v1/transcripts", UriKind.Relative), content);
        if (posted.StatusCode != HttpStatusCode.Accepted)
        {
            throw new StartRefusedException(await posted.Content.ReadAsStringAsync());
        }

        return (await client.GetFromJsonAsync<JsonObject>(posted.Headers.Location))!;
    }

    private static string Body(PreparedTranscript transcript)
    {
        var body = new StringBuilder();
        body.Append(
                JsonSerializer.Serialize(
                    new
                    {
                        institutionId = OuladTranscripts.InstitutionId,
                        reference = transcript.Reference,
                        term = transcript.Term,
                        openAccounts = true,
                        rowCount = transcript.Records.Count,
                    }
                )
            )
            .Append('\n');
        foreach (var record in transcript.Records)
        {
            body.Append(record).Append('\n');
        }

        return body.ToString();
    }

    private static UploadTotals Add(UploadTotals totals, JsonNode counts) =>
        totals with
        {
            Accepted = totals.Accepted + counts["accepted"]!.GetValue<int>(),
            Duplicates = totals.Duplicates + counts["duplicates"]!.GetValue<int>(),
            Suspended = totals.Suspended + counts["suspended"]!.GetValue<int>(),
            Rejected = totals.Rejected + counts["rejected"]!.GetValue<int>(),
        };
}
