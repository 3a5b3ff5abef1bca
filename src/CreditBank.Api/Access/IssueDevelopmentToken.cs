using System.Security.Claims;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Kernel;
using FluentValidation;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Access;

/// <summary>What a development token shall say.</summary>
public sealed record IssueDevelopmentToken
{
    /// <summary>The roles.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The institution that institutional roles act for.</summary>
    public string? Institution { get; init; }

    /// <summary>A learner's account.</summary>
    public string? Account { get; init; }

    /// <summary>The subject; another one is another person. None: derived from the rest.</summary>
    public string? Subject { get; init; }
}

/// <summary>A development token.</summary>
/// <param name="AccessToken">Goes into <c>Authorization: Bearer</c>; valid for a day.</param>
public sealed record DevelopmentToken(string AccessToken);

/// <summary>The service as its own issuer; only while it is a trial on loopback (rulings 25).</summary>
public static class IssueDevelopmentTokenEndpoint
{
    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<IssueDevelopmentToken>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleForEach(command => command.Roles).OneOf([.. CallerRoles.All]);
            RuleFor(command => command.Institution).OptionalText(64);
            RuleFor(command => command.Account).OptionalText(64);
            RuleFor(command => command.Subject).OptionalText(128);
        }
    }

    /// <summary>Signs the token.</summary>
    [AllowAnonymous]
    [WolverinePost("/v1/dev/tokens", OperationId = "issueDevelopmentToken")]
    [Refuses(404, "access.noDevelopmentTokens")]
    [ProducesResponseType<DevelopmentToken>(StatusCodes.Status200OK)]
    public static IResult Post(IssueDevelopmentToken command, VaultKeys keys, DeploymentMode mode, IClock clock) =>
        mode.IsTrial ? Answers.Ok(Sign(command, keys, clock.GetCurrentInstant())) : Answers.Refused(NotHere);

    /// <summary>A signed token that is valid for a day.</summary>
    public static DevelopmentToken Sign(IssueDevelopmentToken command, VaultKeys keys, Instant now)
    {
        var subject =
            command.Subject
            ?? command.Account
            ?? string.Join('+', command.Roles) + (command.Institution is { } of ? "@" + of : string.Empty);
        List<Claim> claims = [new("sub", subject), .. command.Roles.Select(role => new Claim("roles", role))];
        if (command.Institution is { } institution)
        {
            claims.Add(new Claim("institution", institution));
        }

        if (command.Account is { } account)
        {
            claims.Add(new Claim("account", account));
        }

        var token = new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = Authentication.DevelopmentIssuer,
                Audience = Authentication.DevelopmentAudience,
                Subject = new ClaimsIdentity(claims),
                IssuedAt = now.ToDateTimeUtc(),
                NotBefore = now.ToDateTimeUtc(),
                Expires = now.Plus(Duration.FromDays(1)).ToDateTimeUtc(),
                SigningCredentials = new SigningCredentials(
                    new SymmetricSecurityKey(keys.Master.Development),
                    SecurityAlgorithms.HmacSha256
                ),
            }
        );
        return new DevelopmentToken(token);
    }

    private static readonly Refusal NotHere = new(
        "access.noDevelopmentTokens",
        RefusalKind.Unknown,
        new BilingualText("此处不签发开发令牌。", "Development tokens are not issued here.")
    );
}
