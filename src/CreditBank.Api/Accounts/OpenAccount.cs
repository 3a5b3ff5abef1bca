using System.Security.Cryptography;
using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Transcripts;
using CreditBank.Kernel;
using CreditBank.Kernel.Identifiers;
using CreditBank.Ledger.Events;
using FluentValidation;
using Marten;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Accounts;

/// <summary>Opens an account for life.</summary>
public sealed record OpenAccount
{
    /// <summary>The person's document.</summary>
    public required IdentityBody Identity { get; init; }

    /// <summary>The person's name as printed there.</summary>
    public required string Name { get; init; }
}

/// <summary>The account that was opened.</summary>
/// <param name="AccountId">Opaque; tells nothing about the person.</param>
public sealed record OpenedAccount(string AccountId);

/// <summary>Opens accounts.</summary>
public static class OpenAccountEndpoint
{
    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<OpenAccount>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.Identity).SetValidator(new IdentityBodyValidator());
            RuleFor(command => command.Name)
                .Must(PersonName.IsAcceptable)
                .Says("person.name", "姓名无效或过长。", "Not a name, or too long.");
        }
    }

    /// <summary>An operator, branch or registry opens an account; a person has one.</summary>
    [WolverinePost("/v1/accounts", OperationId = "openAccount")]
    [Refuses(403, "access.institution", "access.role")]
    [Refuses(409, "account.exists")]
    [ProducesResponseType<OpenedAccount>(StatusCodes.Status201Created)]
    public static async Task<IResult> Post(
        OpenAccount command,
        HttpContext http,
        LedgerBooks books,
        IdentityVault vault,
        SuspendedRelease release,
        IClock clock,
        CancellationToken cancellation
    )
    {
        var caller = http.Caller();
        if (caller.Lacks(CallerRoles.Operator, CallerRoles.Branch, CallerRoles.Registry) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        var identity = Identities.Normalise(command.Identity)!;
        if (identity.InstitutionId is { } of && !MayVouchFor(caller, of))
        {
            return Answers.Refused(AccessRefusals.Institution);
        }

        if (await vault.Find(identity, cancellation) is not null)
        {
            return Answers.Refused(Exists);
        }

        var accountId = NewAccountId();
        await using var session = books.Write(books.BookOf(accountId), http.Actor());
        Open(session, vault, accountId, identity, command.Name, caller, BankCalendar.DayOf(clock.GetCurrentInstant()));
        await session.SaveChangesAsync(cancellation);
        await release.Run([vault.TagOf(identity)], http.Actor(), cancellation);
        return Answers.Created($"/v1/accounts/{accountId}", new OpenedAccount(accountId));
    }

    /// <summary>A new account's id.</summary>
    public static string NewAccountId()
    {
        var random = RandomNumberGenerator.GetBytes(14);
        return LedgerId.Create(LedgerIdKind.Account, random[13], random);
    }

    /// <summary>Opens an account within the session's commit: person, claim of the identity, first event.</summary>
    public static void Open(
        IDocumentSession session,
        IdentityVault vault,
        string accountId,
        PersonIdentity identity,
        string? name,
        Caller openedBy,
        LocalDate openedOn
    )
    {
        vault.Enter(session, accountId, identity, name);
        session
            .ForTenant(vault.BookOf(accountId))
            .Events.StartStream<Account>(
                accountId,
                new AccountOpened(accountId, openedBy.InstitutionId, Identities.ProofOf(identity), openedOn)
            );
    }

    private static bool MayVouchFor(Caller caller, string institutionId) =>
        caller.Is(CallerRoles.Operator) || caller.Is(CallerRoles.Registry, institutionId);

    private static readonly Refusal Exists = new(
        "account.exists",
        RefusalKind.Conflict,
        new BilingualText("该人已有账户。", "This person has an account already.")
    )
    {
        State = "open",
    };
}
