using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Ledger.Events;
using JasperFx.Events;
using Marten;

namespace CreditBank.Api.Merges;

/// <summary>A merge that is open for one decision; what is decided is committed at once or not at all.</summary>
public sealed class OpenedMerge(
    MergeDesk desk,
    IDocumentSession session,
    IEventStream<AccountMerge> stream,
    long merges
) : IAsyncDisposable
{
    /// <summary>The merge as it stands.</summary>
    public AccountMerge Merge => stream.Aggregate!;

    /// <summary>Another person does not agree.</summary>
    public async Task<IResult> Decline(string reason, string actorId, CancellationToken cancellation)
    {
        if (MergeDecider.MayNotDecide(Merge, actorId) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        if (await desk.KeepAsync(session, Merge, reason, cancellation) is not { } noteId)
        {
            return Answers.Refused(Account.PersonGone);
        }

        stream.AppendOne(new MergeDeclined(Merge.Id, noteId, desk.Today));
        return await CommitAsync(cancellation);
    }

    /// <summary>Another person agrees: the survivor takes over.</summary>
    public async Task<IResult> Confirm(string actorId, CancellationToken cancellation)
    {
        if (await PersonsAsync(cancellation) is not { } absorbedPerson)
        {
            return Answers.Refused(Account.PersonGone);
        }

        var (survivor, absorbed) = await AccountsAsync(cancellation);
        await desk.TakeAloneAsync(session, Merge.AbsorbedId, cancellation);
        var appealed = await desk.AppealedAsync(Merge.AbsorbedId, cancellation);
        var decision = MergeDecider.Merge(
            Merge,
            survivor.Aggregate!,
            absorbed.Aggregate!,
            appealed,
            actorId,
            desk.Today
        );
        if (
            !decision.Is(out var events, out var refusal)
            || (refusal = await desk.AppealTermAsync(Merge.AbsorbedId, cancellation)) is not null
        )
        {
            return Answers.Refused(refusal);
        }

        Append(events, survivor, absorbed);
        await desk.MoveAsync(session, Merge, absorbedPerson, events.OfSurvivor, Merge.SurvivorId, cancellation);
        return await CommitAsync(cancellation);
    }

    /// <summary>The two accounts are two again.</summary>
    public async Task<IResult> Undo(string reason, CancellationToken cancellation)
    {
        if (
            await PersonsAsync(cancellation) is not { } absorbedPerson
            || await desk.KeepAsync(session, Merge, reason, cancellation) is not { } noteId
        )
        {
            return Answers.Refused(Account.PersonGone);
        }

        var (survivor, absorbed) = await AccountsAsync(cancellation);
        var inPlay = await desk.InPlayAsync(Merge.SurvivorId, cancellation);
        var decision = MergeDecider.Undo(Merge, survivor.Aggregate!, inPlay, noteId, desk.Today);
        if (!decision.Is(out var events, out var refusal))
        {
            return Answers.Refused(refusal);
        }

        Append(events, survivor, absorbed);
        await desk.MoveAsync(session, Merge, absorbedPerson, events.OfAbsorbed, Merge.AbsorbedId, cancellation);
        return await CommitAsync(cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => session.DisposeAsync();

    /// <summary>The absorbed account's person, when both persons are still known.</summary>
    private async Task<Person?> PersonsAsync(CancellationToken cancellation) =>
        await desk.PersonOf(Merge.SurvivorId, cancellation) is null
            ? null
            : await desk.PersonOf(Merge.AbsorbedId, cancellation);

    private async Task<(IEventStream<Account> Survivor, IEventStream<Account> Absorbed)> AccountsAsync(
        CancellationToken cancellation
    )
    {
        var survivor = await session.Events.FetchForWriting<Account>(Merge.SurvivorId, cancellation);
        var other = session.ForTenant(desk.BookOf(Merge.AbsorbedId));
        return (survivor, await other.Events.FetchForWriting<Account>(Merge.AbsorbedId, cancellation));
    }

    private void Append(MergeEvents events, IEventStream<Account> survivor, IEventStream<Account> absorbed)
    {
        MergeGuard.CountOneMore(session, merges);
        stream.AppendOne(events.OfMerge);
        survivor.AppendMany(events.OfSurvivor);
        absorbed.AppendMany(events.OfAbsorbed);
    }

    private async Task<IResult> CommitAsync(CancellationToken cancellation)
    {
        await session.SaveChangesAsync(cancellation);
        var merge = await session.LoadAsync<AccountMerge>(Merge.Id, cancellation);
        return Answers.Ok(await desk.BodyAsync(merge!, cancellation));
    }
}
