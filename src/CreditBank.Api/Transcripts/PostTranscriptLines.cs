using System.Text.Json;
using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Outcomes;
using FluentValidation;
using Microsoft.AspNetCore.Http.Features;
using NodaTime;

namespace CreditBank.Api.Transcripts;

/// <summary>
/// Takes a transcript as NDJSON, of any size: a header line, then a record a line. While one batch is written, the next
/// is read and checked. Mapped without Wolverine, whose memory of answers would hold the whole body.
/// </summary>
public sealed class PostTranscriptLines(
    TranscriptIntake intake,
    IdentityVault vault,
    IValidator<RecordBody> validator,
    IServiceProvider services,
    IClock clock
)
{
    /// <summary>The media type of lines of JSON.</summary>
    public const string MediaType = "application/x-ndjson";

    /// <summary>Rows of one commit.</summary>
    public const int BatchRows = 4_000;

    private const int SurplusMax = 1_000;

    /// <summary>Maps it beside the JSON form; the request's media type chooses.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/v1/transcripts", (HttpContext http, PostTranscriptLines lines) => lines.Post(http))
            .Accepts<TranscriptHeader>(MediaType)
            .Produces<TranscriptBody>(StatusCodes.Status202Accepted)
            .WithName("postTranscriptLines")
            .RequireAuthorization();

    private async Task<IResult> Post(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        if (http.Caller().Lacks(CallerRoles.Registry) is { } lacking)
        {
            return Answers.Refused(lacking);
        }

        var reader = new LineReader(http.Request.BodyReader);
        byte[] line = [];
        await reader.Read(1, (_, text, isTooLong) => line = isTooLong ? [] : text.ToArray(), http.RequestAborted);
        var findings = BodyGate.Findings(line, typeof(TranscriptHeader), RecordJson.Options, services);
        if (findings.Count > 0)
        {
            return Answers.Invalid(findings);
        }

        var header = JsonSerializer.Deserialize<TranscriptHeader>(line, RecordJson.Options)!;
        if (PostTranscriptEndpoint.MayNotPost(http.Caller(), header.InstitutionId) is { } refused)
        {
            return Answers.Refused(refused);
        }

        var begun = await intake.Begin(header, KeyOf(http, line), http.Actor(), http.RequestAborted);
        return begun.Is(out var sending, out var refusal)
            ? await TakeRows(http, reader, sending)
            : Answers.Refused(refusal);
    }

    private async Task<IResult> TakeRows(HttpContext http, LineReader reader, OpenSending sending)
    {
        var actor = http.Actor();
        var declared = sending.Transcript.RowCount;
        var parser = new LineParser(services, validator, sending.Checker);
        var writing = Task.CompletedTask;
        var (read, goesOn, isCut) = (0, true, true);
        try
        {
            while (goesOn && read <= declared + SurplusMax)
            {
                var rows = new List<CheckedRow>(Math.Min(BatchRows, declared));
                try
                {
                    goesOn = await reader.Read(BatchRows, Take, http.RequestAborted);
                }
                finally
                {
                    // Also when the body is cut: what was read whole is kept.
                    await writing;
                    writing = rows.Count == 0 ? Task.CompletedTask : Task.Run(() => intake.Take(sending, rows, actor));
                }

                void Take(int number, ReadOnlySpan<byte> text, bool isTooLong)
                {
                    read++;
                    rows.Add(
                        read > declared
                            ? sending.Checker.Wrong(number, null, RowTexts.TooMany)
                            : parser.Parse(number, text, isTooLong)
                    );
                }
            }

            isCut = goesOn;
        }
        finally
        {
            await writing;
            await intake.End(sending, isWhole: !isCut && read >= declared, actor);
        }

        var location = $"/v1/transcripts/{sending.Transcript.Id}";
        var body = TranscriptBody.Of(sending.Transcript, sending.Progress, clock.GetCurrentInstant());
        return TypedResults.Accepted(location, body);
    }

    /// <summary>The key covers the header line only: the rows have ids of their own (rulings 13).</summary>
    private HeaderKey? KeyOf(HttpContext http, byte[] line) =>
        http.Request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } key
            ? new HeaderKey
            {
                Id = vault.Keys.LookupTag($"header\n{http.Caller().ActorId}\n{key}"),
                HeaderTag = vault.Keys.ContentTag(System.Text.Encoding.UTF8.GetString(line)),
                UsedAt = clock.GetCurrentInstant(),
            }
            : null;
}
