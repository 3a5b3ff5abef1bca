using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Institutions;
using CreditBank.Api.Outcomes;
using CreditBank.Kernel;
using Marten;
using NodaTime;

namespace CreditBank.Api.Transcripts;

/// <summary>
/// Takes transcripts in. A batch of rows is read, decided and written in one commit, with its results and the
/// transcript's progress; a commit that loses against another writer is decided anew.
/// </summary>
public sealed class TranscriptIntake(
    LedgerBooks books,
    IdentityVault vault,
    Recording recording,
    SuspendedRelease release,
    AppendTurns turns,
    IClock clock
)
{
    /// <summary>Takes a whole transcript in one commit.</summary>
    internal async Task<Decision<WholeAnswer>> TakeWhole(
        TranscriptHeader header,
        IReadOnlyList<RecordBody> records,
        Actor actor,
        CancellationToken cancellation
    )
    {
        var decision = await Races.Retry(async () =>
        {
            // One round trip reads both what the header needs and what the rows need.
            var lookup = new KeyLookup(books);
            BatchFacts.Ask(lookup, books, Keyed(header.InstitutionId, records), header.InstitutionId);
            var prepared = await Prepare(header, null, lookup, cancellation);
            if (!prepared.Is(out var sending, out var refusal))
            {
                return (Decision<WholeAnswer>)refusal;
            }

            CheckedRow[] rows = [.. records.Select((record, index) => sending.Checker.Check(index + 1, record))];
            var plan = await Decide(sending, rows, actor, lookup, isWhole: true, cancellation);
            await turns.Commit(plan.Commit);
            return new WholeAnswer(sending, plan.Plan);
        });
        if (decision.Value is { } answer)
        {
            await release.Run(PeopleToLookAfter(answer.Plan), actor, cancellation);
        }

        return decision;
    }

    /// <summary>The rows with the keys they are found by; what is wrong with them is not looked at yet.</summary>
    private CheckedRow[] Keyed(string institutionId, IReadOnlyList<RecordBody> records)
    {
        var checker = new RowChecker(institutionId, null, vault, BankCalendar.DayOf(clock.GetCurrentInstant()));
        return [.. records.Select((record, index) => checker.Ready(index + 1, record))];
    }

    /// <summary>Begins to take a transcript whose rows follow; visible as <c>receiving</c> from now on.</summary>
    /// <param name="header">The header line.</param>
    /// <param name="key">The header line's idempotency key; none when the caller brought none.</param>
    /// <param name="actor">Who sends it.</param>
    /// <param name="cancellation">Gives up.</param>
    internal Task<Decision<OpenSending>> Begin(
        TranscriptHeader header,
        HeaderKey? key,
        Actor actor,
        CancellationToken cancellation
    ) =>
        Races.Retry(async () =>
        {
            var prepared = await Prepare(header, key, new KeyLookup(books), cancellation);
            if (prepared.Value is { } sending)
            {
                await using var session = books.Write(LedgerBooks.Registry, actor);
                session.Store(sending.Transcript);
                session.Insert(sending.Progress);
                if (key is not null)
                {
                    session.Store(key);
                }

                await session.SaveChangesAsync(cancellation);
            }

            return prepared;
        });

    /// <summary>Takes a batch of rows: durable when this returns.</summary>
    internal async Task Take(OpenSending sending, IReadOnlyList<CheckedRow> rows, Actor actor)
    {
        // What was read is written whether or not the caller is still there.
        var plan = await Races.Retry(async () =>
        {
            var decided = await Decide(sending, rows, actor, null, isWhole: null, CancellationToken.None);
            await turns.Commit(decided.Commit);
            return decided.Plan;
        });
        sending.Advance(rows.Count, plan.Counts);
        await release.Run(PeopleToLookAfter(plan), actor, CancellationToken.None);
    }

    /// <summary>Says how a sending ended. A whole one replaces the rows of those before it.</summary>
    internal async Task End(OpenSending sending, bool isWhole, Actor actor)
    {
        await using var session = books.Write(LedgerBooks.Registry, actor);
        sending.Progress.IsWhole = isWhole;
        sending.Progress.ProgressAt = clock.GetCurrentInstant();
        session.Store(sending.Progress);
        if (isWhole)
        {
            DropEarlierRows(session, sending);
        }

        await session.SaveChangesAsync(CancellationToken.None);
    }

    private async Task<(BatchPlan Plan, WaitingCommit Commit)> Decide(
        OpenSending sending,
        IReadOnlyList<CheckedRow> rows,
        Actor actor,
        KeyLookup? asked,
        bool? isWhole,
        CancellationToken cancellation
    )
    {
        var facts = await BatchFacts.Load(books, rows, sending.Terms.InstitutionId, asked, cancellation);
        var decider = new BatchDecider(sending.Terms, facts, recording, vault.Keys, OpenAccountEndpoint.NewAccountId);
        var plan = decider.Decide(rows);
        plan.Counts = RowCounts.Of(plan.Results);
        plan.WaitingPeople = [.. facts.Suspended.Keys];
        var progress = sending.ProgressAfter(plan.Counts, isWhole, clock.GetCurrentInstant());
        var commit = new WaitingCommit(plan.Appends.Keys, plan.IsPlain, plan.EventsTotal, Write);
        return (plan, commit);

        void Write(IDocumentSession session)
        {
            new BatchCommit(session, books, vault, actor).Write(plan, facts, sending.Terms);
            session.Insert(sending.ChunkOf(plan.Results));
            if (isWhole == true)
            {
                session.Store(sending.Transcript);
                // The number of a sending is taken once: of two that begin at the same time, the second counts on.
                session.Insert(progress);
                DropEarlierRows(session, sending);
            }
            else
            {
                session.Store(progress);
            }
        }
    }

    private static void DropEarlierRows(IDocumentSession session, OpenSending sending)
    {
        if (sending.Earlier is { Length: > 0 } earlier)
        {
            session.DeleteWhere<RowChunk>(chunk => chunk.SendingId.IsOneOf(earlier));
        }
    }

    /// <summary>
    /// Whose suspended records this batch may have missed: people whose account it opened while records of theirs
    /// waited, and people it suspended records for while somebody else may have opened their account.
    /// </summary>
    private string[] PeopleToLookAfter(BatchPlan plan) =>
        [
            .. plan.Opened.Select(account => vault.TagOf(account.Identity)).Where(plan.WaitingPeople.Contains),
            .. plan.Suspended.Values.Select(row => row.PersonTag),
        ];

    private async Task<Decision<OpenSending>> Prepare(
        TranscriptHeader header,
        HeaderKey? key,
        KeyLookup lookup,
        CancellationToken cancellation
    )
    {
        var transcriptId = Transcript.IdOf(header.InstitutionId, header.Reference);
        var stream = Institution.StreamOf(header.InstitutionId);
        lookup.Want<Institution>(LedgerBooks.Registry, stream);
        lookup.Want<Transcript>(LedgerBooks.Registry, transcriptId);
        if (key is not null)
        {
            lookup.Want<HeaderKey>(LedgerBooks.Registry, key.Id);
        }

        await lookup.Run(cancellation);
        if (!lookup.Found<Institution>().TryGetValue(stream, out var institution))
        {
            return AccessRefusals.Unknown("institution");
        }

        var now = clock.GetCurrentInstant();
        if (key is not null && lookup.Found<HeaderKey>().TryGetValue(key.Id, out var used) && Clashes(used, key))
        {
            return TranscriptRefusals.KeyReused;
        }

        var today = BankCalendar.DayOf(now);
        if (institution.MayNotAct(today) is { } refusal)
        {
            return refusal;
        }

        var before = lookup.Found<Transcript>().GetValueOrDefault(transcriptId);
        if (before is not null && before.Term != header.Term)
        {
            return TranscriptRefusals.HeaderChanged;
        }

        return new OpenSending(
            header,
            before,
            new RowChecker(header.InstitutionId, institution.Accredited, vault, today),
            new BatchTerms(header.InstitutionId, transcriptId, header.OpenAccounts == true, today),
            now
        );
    }

    private static bool Clashes(HeaderKey used, HeaderKey now) =>
        used.HeaderTag != now.HeaderTag && now.UsedAt - used.UsedAt < Duration.FromDays(1);
}

/// <summary>A transcript that was taken whole, and what became of its rows.</summary>
internal sealed record WholeAnswer(OpenSending Sending, BatchPlan Plan);

/// <summary>Why a transcript is not taken at all.</summary>
internal static class TranscriptRefusals
{
    public static readonly Refusal HeaderChanged = new(
        "transcript.headerChanged",
        RefusalKind.Rule,
        new BilingualText(
            "同一 reference 已用于另一学期。",
            "This reference was used with another term; choose a reference of its own."
        )
    );

    public static readonly Refusal KeyReused = new(
        "idempotency.keyReused",
        RefusalKind.Rule,
        new BilingualText("该 Idempotency-Key 已用于另一请求。", "This Idempotency-Key was used for another request.")
    );
}
