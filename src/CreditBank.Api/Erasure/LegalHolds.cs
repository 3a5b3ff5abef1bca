using System.Security.Cryptography;
using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using FluentValidation;
using JasperFx.Events;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Erasure;

/// <summary>Keeps a person from being erased.</summary>
public sealed record SetLegalHold
{
    /// <summary>Why, such as a lawsuit and its number. Kept sealed.</summary>
    public required string Reason { get; init; }
}

/// <summary>A legal hold.</summary>
/// <param name="HoldId">Its id.</param>
/// <param name="SetOn">The day it was set.</param>
/// <param name="Reason">Why.</param>
public sealed record LegalHoldBody(string HoldId, LocalDate SetOn, string? Reason);

/// <summary>The legal holds that stand.</summary>
/// <param name="Items">In the order in which they were set.</param>
public sealed record LegalHoldList(IReadOnlyList<LegalHoldBody> Items);

/// <summary>Sets, lifts and shows legal holds.</summary>
public static class LegalHoldsEndpoint
{
    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<SetLegalHold>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.Reason).Text(2000);
        }
    }

    /// <summary>The operator sets a legal hold; while it stands the person is not erased.</summary>
    [WolverinePost("/v1/accounts/{accountId}/legal-holds", OperationId = "setLegalHold")]
    [Refuses(403, "access.role")]
    [Refuses(404, "account.unknown")]
    [Refuses(409, "account.erased", "account.merged")]
    [ProducesResponseType<LegalHoldBody>(StatusCodes.Status201Created)]
    public static async Task<IResult> Set(
        string accountId,
        SetLegalHold command,
        HttpContext http,
        LedgerBooks books,
        IdentityVault vault,
        IClock clock,
        CancellationToken cancellation
    )
    {
        if (http.Caller().Lacks(CallerRoles.Operator) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        if (!books.TryBookOf(accountId, LedgerIdKind.Account, out var book))
        {
            return AccountReading.Unknown;
        }

        await using var session = books.Write(book, http.Actor());
        var stream = await session.Events.FetchForWriting<Account>(accountId, cancellation);
        if (stream.Aggregate is not { } account)
        {
            return AccountReading.Unknown;
        }

        var person = await session.LoadAsync<Person>(accountId, cancellation);
        if ((account.Frozen ?? (person is null ? Account.PersonGone : null)) is { } frozen)
        {
            return Answers.Refused(frozen);
        }

        var holdId = "hld-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(10));
        var today = BankCalendar.DayOf(clock.GetCurrentInstant());
        stream.AppendOne(new LegalHoldSet(holdId, vault.Keep(session, person!, command.Reason), today));
        await session.SaveChangesAsync(cancellation);
        return Answers.Created(
            $"/v1/accounts/{accountId}/legal-holds/{holdId}",
            new LegalHoldBody(holdId, today, command.Reason)
        );
    }

    /// <summary>The operator lifts a legal hold.</summary>
    [WolverineDelete("/v1/accounts/{accountId}/legal-holds/{holdId}", OperationId = "liftLegalHold")]
    [Refuses(403, "access.role")]
    [Refuses(404, "account.unknown", "legalHold.unknown")]
    [ProducesResponseType<LegalHoldList>(StatusCodes.Status200OK)]
    public static async Task<IResult> Lift(
        string accountId,
        string holdId,
        HttpContext http,
        LedgerBooks books,
        IdentityVault vault,
        IClock clock,
        CancellationToken cancellation
    )
    {
        if (http.Caller().Lacks(CallerRoles.Operator) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        if (!books.TryBookOf(accountId, LedgerIdKind.Account, out var book))
        {
            return AccountReading.Unknown;
        }

        await using var session = books.Write(book, http.Actor());
        IEventStream<Account> stream = await session.Events.FetchForWriting<Account>(accountId, cancellation);
        if (stream.Aggregate is not { } account)
        {
            return AccountReading.Unknown;
        }

        var today = BankCalendar.DayOf(clock.GetCurrentInstant());
        if (!ErasureDecider.Lift(account, holdId, today).Is(out var lifted, out var refused))
        {
            return Answers.Refused(refused);
        }

        stream.AppendOne(lifted);
        await session.SaveChangesAsync(cancellation);
        return await ShowAsync(accountId, book, books, vault, cancellation);
    }

    /// <summary>The operator or the auditor sees the legal holds that stand.</summary>
    [WolverineGet("/v1/accounts/{accountId}/legal-holds", OperationId = "listLegalHolds")]
    [Refuses(403, "access.role")]
    [Refuses(404, "account.unknown")]
    [ProducesResponseType<LegalHoldList>(StatusCodes.Status200OK)]
    public static async Task<IResult> Get(
        string accountId,
        HttpContext http,
        LedgerBooks books,
        IdentityVault vault,
        CancellationToken cancellation
    )
    {
        if (http.Caller().Lacks(CallerRoles.Operator, CallerRoles.Auditor) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        return books.TryBookOf(accountId, LedgerIdKind.Account, out var book)
            ? await ShowAsync(accountId, book, books, vault, cancellation)
            : AccountReading.Unknown;
    }

    private static async Task<IResult> ShowAsync(
        string accountId,
        string book,
        LedgerBooks books,
        IdentityVault vault,
        CancellationToken cancellation
    )
    {
        await using var session = books.Read(book);
        if (await session.Events.AggregateStreamAsync<Account>(accountId, token: cancellation) is not { } account)
        {
            return AccountReading.Unknown;
        }

        var notes = account.LegalHolds.Values.Select(hold => hold.NoteId).ToList();
        var words = await vault.Read(session, accountId, notes, cancellation);
        return Answers.Ok(
            new LegalHoldList([
                .. account.LegalHolds.Values.Select(hold => new LegalHoldBody(
                    hold.HoldId,
                    hold.SetOn,
                    words.GetValueOrDefault(hold.NoteId)
                )),
            ])
        );
    }
}
