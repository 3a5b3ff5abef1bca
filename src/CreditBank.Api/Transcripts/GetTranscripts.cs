using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using Marten;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Transcripts;

/// <summary>Shows transcripts to their registry and to auditors.</summary>
public static class GetTranscriptsEndpoint
{
    /// <summary>An institution's transcripts, by reference; an auditor may leave the institution out.</summary>
    [WolverineGet("/v1/transcripts", OperationId = "listTranscripts")]
    [Refuses(403, "access.institution", "access.role")]
    [Asks("institutionId", "The institution; an auditor may leave it out.")]
    [AsksPage]
    [ProducesResponseType<PageBody<TranscriptBody>>(StatusCodes.Status200OK)]
    public static async Task<IResult> GetMany(
        HttpContext http,
        LedgerBooks books,
        IClock clock,
        CancellationToken cancellation
    )
    {
        var caller = http.Caller();
        if (caller.Lacks(CallerRoles.Registry, CallerRoles.Auditor) is { } lacking)
        {
            return Answers.Refused(lacking);
        }

        var isAuditor = caller.Is(CallerRoles.Auditor);
        var asked = http.Request.Query["institutionId"].ToString();
        var institutionId =
            asked.Length > 0 ? asked
            : isAuditor ? null
            : caller.InstitutionId;
        if (!isAuditor && caller.InstitutionId != institutionId)
        {
            return Answers.Refused(AccessRefusals.Institution);
        }

        if (!Page.TryRead(http, out var page, out var refused))
        {
            return refused;
        }

        var after = page.After ?? string.Empty;
        await using var session = books.Read(LedgerBooks.Registry);
        var found = await session
            .Query<Transcript>()
            .Where(transcript => institutionId == null || transcript.InstitutionId == institutionId)
            .Where(transcript => transcript.Id.CompareTo(after) > 0)
            .OrderBy(transcript => transcript.Id)
            .Take(page.Limit + 1)
            .ToListAsync(cancellation);
        var ids = found.Select(transcript => TranscriptSending.IdOf(transcript.Id, transcript.Sending)).ToArray();
        var sendings = (await session.LoadManyAsync<TranscriptSending>(cancellation, ids)).ToDictionary(one => one.Id);
        var now = clock.GetCurrentInstant();
        return page.Answer(
            http,
            found,
            transcript => transcript.Id,
            transcript =>
                TranscriptBody.Of(transcript, sendings[TranscriptSending.IdOf(transcript.Id, transcript.Sending)], now)
        );
    }

    /// <summary>One transcript: its state, its progress and its counts.</summary>
    [WolverineGet("/v1/transcripts/{transcriptId}", OperationId = "getTranscript")]
    [Refuses(403, "access.role")]
    [Refuses(404, "transcript.unknown")]
    [ProducesResponseType<TranscriptBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> GetOne(
        string transcriptId,
        HttpContext http,
        LedgerBooks books,
        IClock clock,
        CancellationToken cancellation
    )
    {
        await using var session = books.Read(LedgerBooks.Registry);
        if (await Visible(session, transcriptId, http.Caller(), cancellation) is not { } transcript)
        {
            return Answers.Refused(Unknown);
        }

        var sendingId = TranscriptSending.IdOf(transcript.Id, transcript.Sending);
        var sending = await session.LoadAsync<TranscriptSending>(sendingId, cancellation);
        return Answers.Ok(TranscriptBody.Of(transcript, sending!, clock.GetCurrentInstant()));
    }

    /// <summary>The transcript, when the caller may know of it.</summary>
    internal static async Task<Transcript?> Visible(
        IQuerySession session,
        string transcriptId,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var transcript = await session.LoadAsync<Transcript>(transcriptId, cancellation);
        return caller.Is(CallerRoles.Auditor) || caller.Is(CallerRoles.Registry, transcript?.InstitutionId)
            ? transcript
            : null;
    }

    internal static readonly Refusal Unknown = AccessRefusals.Unknown("transcript");
}
