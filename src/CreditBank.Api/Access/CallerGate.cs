using System.Diagnostics;
using System.Security.Claims;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Institutions;

namespace CreditBank.Api.Access;

/// <summary>Turns the token's claims into a <see cref="Caller"/>, once a request.</summary>
public sealed class CallerGate(RequestDelegate next, IdentityVault vault, Successions successions)
{
    /// <summary>Middleware.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        context.Features.Set(await CallerOf(context.User, context.RequestAborted));
        await next(context);
    }

    private async Task<Caller> CallerOf(ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (user.Identity is not { IsAuthenticated: true } || user.FindFirstValue("sub") is not { } subject)
        {
            return Caller.Anonymous;
        }

        var pseudonym = vault.Keys.Pseudonym(user.FindFirstValue("iss") ?? string.Empty, subject);
        var roles = user.FindAll("roles").Select(claim => claim.Value).Where(CallerRoles.All.Contains).ToHashSet();
        var account = user.FindFirstValue("account");
        if (account is null && roles.Contains(CallerRoles.Learner))
        {
            account = await vault.AccountOfSubject(pseudonym, cancellation);
        }

        var institution = user.FindFirstValue("institution");
        var caller = new Caller(pseudonym, roles, institution, account);
        return institution is null || !roles.Overlaps(CallerRoles.OfInstitutions)
            ? caller
            : caller with
            {
                Predecessors = await successions.PredecessorsOf(institution, cancellation),
            };
    }
}

/// <summary>Reads the caller where an endpoint needs it.</summary>
public static class CallerAccess
{
    /// <summary>Who calls.</summary>
    public static Caller Caller(this HttpContext context) => context.Features.Get<Caller>() ?? Access.Caller.Anonymous;

    /// <summary>Who acts, as the events of this request will name it.</summary>
    public static Actor Actor(this HttpContext context) =>
        new(context.Caller().ActorId, Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier);
}
