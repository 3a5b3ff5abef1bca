using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Evaluations;
using CreditBank.Api.Expiry;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Institutions;
using CreditBank.Api.RuleSets;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using JasperFx.Events;
using Marten;
using NodaTime;

namespace CreditBank.Api.Transfers;

/// <summary>How much of a transfer a caller may see (rulings 23).</summary>
public enum TransferSight
{
    /// <summary>Not even that it is there.</summary>
    Nothing,

    /// <summary>The lines of the caller's own outcomes.</summary>
    OwnLines,

    /// <summary>Everything.</summary>
    Whole,
}

/// <summary>Who may see and do what.</summary>
public static class TransferAccess
{
    /// <summary>
    /// The learner, the receiver and the auditor see everything, an issuer what concerns its own outcomes.
    /// </summary>
    public static TransferSight SightOf(Caller caller, Transfer transfer) =>
        caller.Owns(transfer.AccountId)
        || caller.Is(CallerRoles.Auditor)
        || caller.ActsFor(transfer.InstitutionId)
        || transfer.Appeals.Count > 0 && IsPanel(caller, transfer)
            ? TransferSight.Whole
        : transfer.IssuerIds.Any(caller.ActsFor) ? TransferSight.OwnLines
        : TransferSight.Nothing;

    /// <summary>Why the caller does not act for the receiver in one of the roles; none when so.</summary>
    public static Refusal? LacksReceiver(Caller caller, Transfer transfer, params ReadOnlySpan<string> roles) =>
        caller.Lacks(roles) ?? (caller.ActsFor(transfer.InstitutionId) ? null : AccessRefusals.Institution);

    /// <summary>Why the caller is no panel for it; none when so.</summary>
    public static Refusal? LacksPanel(Caller caller, Transfer transfer) =>
        caller.Lacks(CallerRoles.Panel) ?? (IsPanel(caller, transfer) ? null : AccessRefusals.Institution);

    /// <summary>A panel of the receiver or of its successor, or of the bank, which acts for no institution.</summary>
    private static bool IsPanel(Caller caller, Transfer transfer) =>
        caller.Is(CallerRoles.Panel) && (caller.InstitutionId is null || caller.BelongsTo(transfer.InstitutionId));

    /// <summary>Why the caller is not the learner; none when so.</summary>
    public static Refusal? LacksLearner(Caller caller, Transfer transfer) =>
        caller.Owns(transfer.AccountId) ? null : AccessRefusals.Role(CallerRoles.Learner);
}

/// <summary>What a decision on a transfer needs beside the request.</summary>
/// <param name="books">The books.</param>
/// <param name="vault">The vault.</param>
/// <param name="library">The published rule sets.</param>
/// <param name="terms">How long things may take.</param>
/// <param name="later">What is to be done later.</param>
/// <param name="successions">Which institution became part of which.</param>
/// <param name="clock">The clock.</param>
public sealed class TransferDesk(
    LedgerBooks books,
    IdentityVault vault,
    RuleSetLibrary library,
    TransferTerms terms,
    LaterMessages later,
    Successions successions,
    IClock clock
)
{
    /// <summary>The books.</summary>
    public LedgerBooks Books => books;

    /// <summary>The vault.</summary>
    public IdentityVault Vault => vault;

    /// <summary>How long things may take.</summary>
    public TransferTerms Terms => terms;

    /// <summary>Has the transfer lapse when its last day is over, as part of the session's commit.</summary>
    public Task LapseLater(IDocumentSession session, string transferId, LocalDate heldUntilOn) =>
        later.Schedule(session, new LapseTransfer(transferId), BankCalendar.StartOf(heldUntilOn.PlusDays(1)));

    /// <summary>All published versions.</summary>
    public CreditBank.Rules.RuleSetCatalog Catalog => library.Catalog;

    /// <summary>Reads what was published elsewhere, when one of the versions is not held here yet.</summary>
    public Task EnsureAsync(IEnumerable<string> versions, CancellationToken cancellation) =>
        library.EnsureAsync(versions, cancellation);

    /// <summary>
    /// Why an institution may not receive today: it is suspended, or became part of another. None when it may.
    /// </summary>
    public Task<Refusal?> MayNotReceiveAsync(string institutionId, CancellationToken cancellation) =>
        InstitutionReading.MayNotActAsync(books, institutionId, Today, cancellation);

    /// <summary>Why the caller may not decide about an account because it is the own; none otherwise.</summary>
    public Task<Refusal?> OwnAffairsAsync(Caller caller, string accountId, CancellationToken cancellation) =>
        OwnAffairs.RefuseAsync(caller, accountId, books, vault, cancellation);

    /// <summary>
    /// Why an institution may not even give back what waits for it: another answers for it. None otherwise.
    /// </summary>
    public Task<Refusal?> IsNoMoreAsync(string institutionId, CancellationToken cancellation) =>
        InstitutionReading.IsNoMoreAsync(books, institutionId, Today, cancellation);

    /// <summary>Which institution became part of which.</summary>
    public Successions Successions => successions;

    /// <summary>The day in Shanghai.</summary>
    public LocalDate Today => BankCalendar.DayOf(clock.GetCurrentInstant());

    /// <summary>
    /// Puts a person's words into the vault within the session's commit, none for none; nothing when the person was
    /// erased.
    /// </summary>
    public async Task<IReadOnlyList<string?>?> KeepAsync(
        IDocumentSession session,
        string accountId,
        IEnumerable<string?> words,
        CancellationToken cancellation
    ) =>
        await session.LoadAsync<Person>(accountId, cancellation) is { } person
            ? [.. words.Select(text => text is null ? null : vault.Keep(session, person, text))]
            : null;

    /// <summary>Opens a transfer for a decision at its version.</summary>
    /// <param name="transferId">What the caller sent.</param>
    /// <param name="http">The request.</param>
    /// <param name="mayNot">Why the caller may not, once it may see it.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The transfer, or the answer that refuses; never both.</returns>
    public async Task<(OpenedTransfer? Opened, IResult? Refused)> OpenAsync(
        string transferId,
        HttpContext http,
        Func<Caller, Transfer, Refusal?> mayNot,
        CancellationToken cancellation
    )
    {
        if (!books.TryBookOf(transferId, LedgerIdKind.Transfer, out var book))
        {
            return (null, Answers.Refused(AccessRefusals.Unknown("transfer")));
        }

        var session = books.Write(book, http.Actor());
        var stream = await session.Events.FetchForWriting<Transfer>(transferId, cancellation);
        var refusal =
            stream.Aggregate is not { } transfer
            || TransferAccess.SightOf(http.Caller(), transfer) == TransferSight.Nothing
                ? AccessRefusals.Unknown("transfer")
                : mayNot(http.Caller(), transfer)
                    ?? http.ExpectsOther(stream.CurrentVersion)
                    ?? await FrozenAsync(session, transfer.AccountId, cancellation);
        if (refusal is null)
        {
            return (new OpenedTransfer(this, session, stream), null);
        }

        await session.DisposeAsync();
        return (null, Answers.Refused(refusal));
    }

    /// <summary>Opens a transfer for what the bank does by itself.</summary>
    /// <exception cref="InvalidOperationException">There is none of that id.</exception>
    public async Task<OpenedTransfer> OpenAsync(string transferId, CancellationToken cancellation)
    {
        var session = books.Write(books.BookOf(transferId), Actor.Bank);
        var stream = await session.Events.FetchForWriting<Transfer>(transferId, cancellation);
        return stream.Aggregate is null
            ? throw new InvalidOperationException($"There is no transfer {transferId}.")
            : new OpenedTransfer(this, session, stream);
    }

    /// <summary>
    /// Opens a transfer for the receiver's people. The caller's own institution counts: after a merger the successor
    /// decides, and the predecessor no more. A suspended one gives back, and does nothing else.
    /// </summary>
    /// <param name="transferId">What the caller sent.</param>
    /// <param name="givesBack">Whether what is asked only gives the credit back.</param>
    /// <param name="roles">The roles of which the caller needs one.</param>
    /// <param name="http">The request.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The transfer, or the answer that refuses; never both.</returns>
    public async Task<(OpenedTransfer? Opened, IResult? Refused)> OpenForReceiverAsync(
        string transferId,
        bool givesBack,
        string[] roles,
        HttpContext http,
        CancellationToken cancellation
    )
    {
        var (opened, refused) = await OpenAsync(
            transferId,
            http,
            (caller, transfer) => TransferAccess.LacksReceiver(caller, transfer, roles),
            cancellation
        );
        if (opened is null)
        {
            return (null, refused);
        }

        var caller = http.Caller();
        var refusal =
            await OwnAffairsAsync(caller, opened.Transfer.AccountId, cancellation)
            ?? (
                givesBack
                    ? await IsNoMoreAsync(caller.InstitutionId!, cancellation)
                    : await MayNotReceiveAsync(caller.InstitutionId!, cancellation)
            );
        if (refusal is null)
        {
            return (opened, null);
        }

        await opened.DisposeAsync();
        return (null, Answers.Refused(refusal));
    }

    /// <summary>
    /// Why a panel may not grant or reopen today: the institution that answers for the receiver is suspended.
    /// </summary>
    public async Task<Refusal?> MayNotReopenAsync(string receiverId, CancellationToken cancellation) =>
        (await InstitutionReading.WhoAnswersAsync(books, receiverId, Today, cancellation))?.MayNotAct(Today);

    private static async Task<Refusal?> FrozenAsync(
        IQuerySession session,
        string accountId,
        CancellationToken cancellation
    ) =>
        await session.LoadAsync<Person>(accountId, cancellation) is { MergedInto: { } survivor }
            ? Account.MergedAway(survivor)
            : null;
}

/// <summary>A transfer that is open for one decision; what is appended is committed at once or not at all.</summary>
public sealed class OpenedTransfer(TransferDesk desk, IDocumentSession session, IEventStream<Transfer> stream)
    : IAsyncDisposable
{
    private IEventStream<Account>? account;

    /// <summary>The transfer as it stands.</summary>
    public Transfer Transfer => stream.Aggregate!;

    /// <summary>The account at its version; the commit fails when it changes meanwhile.</summary>
    public async Task<Account> AccountAsync(CancellationToken cancellation)
    {
        account ??= await session.Events.FetchForWriting<Account>(Transfer.AccountId, cancellation);
        return account.Aggregate!;
    }

    /// <summary>The account's events, in order.</summary>
    public async Task<IEnumerable<object>> EventsOfAccountAsync(CancellationToken cancellation) =>
        (await session.Events.FetchStreamAsync(Transfer.AccountId, token: cancellation)).Select(one => one.Data);

    /// <summary>The learner; none when the person was erased.</summary>
    public Task<Person?> PersonAsync(CancellationToken cancellation) =>
        session.LoadAsync<Person>(Transfer.AccountId, cancellation);

    /// <summary>The rules for it, as they bind.</summary>
    /// <param name="decidedOn">The day of the final decision; none before it.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<TransferEvaluation> EvaluationAsync(LocalDate? decidedOn, CancellationToken cancellation) =>
        (await EvaluationsAsync(cancellation))(await AccountAsync(cancellation), Transfer, decidedOn);

    /// <summary>The rules for any state of it and of its account, with the day of a final decision.</summary>
    public async Task<Func<Account, Transfer, LocalDate?, TransferEvaluation>> EvaluationsAsync(
        CancellationToken cancellation
    )
    {
        var submitted = Transfer.Submitted;
        var ground = await EvaluationGround.ReadAsync(
            desk.Books,
            submitted.InstitutionId,
            submitted.ProgrammeId,
            submitted.ProgrammeVersion,
            Transfer.IssuerIds,
            cancellation
        );
        await desk.EnsureAsync(Transfer.RuleSetVersions, cancellation);
        return (account, transfer, decidedOn) =>
            TransferEvaluation.Again(account, transfer, ground!, decidedOn, desk.Catalog);
    }

    /// <summary>Its newest proposal.</summary>
    public async Task<CreditBank.Rules.Proposal> ProposalAsync(CancellationToken cancellation) =>
        (await session.LoadAsync<ProposalDocument>(Transfer.Evaluated!.ProposalHash, cancellation))!.Read();

    /// <summary>
    /// Puts words into the vault within the commit; none when the person was erased. The account stood for itself when
    /// the transfer was opened, so a merge since then loses the commit.
    /// </summary>
    public async Task<IReadOnlyList<string>?> KeepAsync(IEnumerable<string> words, CancellationToken cancellation) =>
        await session.LoadAsync<Person>(Transfer.AccountId, cancellation) is { } person
            ? [.. words.Select(text => desk.Vault.Keep(session, person.With(mergedInto: null), text))]
            : null;

    /// <summary>Commits a decision and answers with the transfer as it then stands, or with the refusal.</summary>
    public async Task<IResult> AnswerAsync(
        Decision<TransferEvents> decision,
        HttpContext http,
        CancellationToken cancellation
    )
    {
        if (await CommitAsync(decision, cancellation) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        var transfer = await session.LoadAsync<Transfer>(Transfer.Id, cancellation);
        http.Response.Headers.ETag = $"\"{transfer!.Version}\"";
        return Answers.Ok(await TransferReading.BodyAsync(session, desk.Vault, transfer, http, cancellation));
    }

    /// <summary>Commits a decision; the refusal when it is one.</summary>
    public async Task<Refusal?> CommitAsync(Decision<TransferEvents> decision, CancellationToken cancellation)
    {
        if (!decision.Is(out var events, out var refusal))
        {
            return refusal;
        }

        stream.AppendMany(events.OfTransfer);
        if (events.OfAccount.Count > 0)
        {
            account!.AppendMany(events.OfAccount);
            account.AppendMany(ExpiringCredit.Following(account.Aggregate, events.OfAccount, desk.Today));
        }

        session.StoreObjects(events.Documents());
        if (events.OfTransfer.OfType<TransferReopened>().LastOrDefault() is { } reopened)
        {
            await desk.LapseLater(session, Transfer.Id, reopened.HeldUntilOn);
        }

        await session.SaveChangesAsync(cancellation);
        return null;
    }

    /// <summary>The transfer after a commit, and words of the vault that it names.</summary>
    public async Task<(Transfer Transfer, IReadOnlyDictionary<string, string> Notes)> ReadAgainAsync(
        Func<Transfer, IEnumerable<string>> noteIds,
        CancellationToken cancellation
    )
    {
        var transfer = (await session.LoadAsync<Transfer>(Transfer.Id, cancellation))!;
        return (transfer, await desk.Vault.Read(session, transfer.AccountId, [.. noteIds(transfer)], cancellation));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => session.DisposeAsync();
}
