using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Kernel;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CreditBank.Api.Access;

/// <summary>An issuer of bearer tokens that the bank trusts; configured under <c>CreditBank:Issuers</c>.</summary>
public sealed class TrustedIssuer
{
    /// <summary>
    /// The issuer's address; its metadata is read from <c>.well-known/openid-configuration</c> below it.
    /// </summary>
    public required string Authority { get; init; }

    /// <summary>The audience its tokens must name.</summary>
    public required string Audience { get; init; }
}

/// <summary>Bearer tokens (RFC 6750) from any configured issuer, and from the bank itself in the trial mode.</summary>
internal static class Authentication
{
    private const string ByIssuer = "ByIssuer";
    private const string Development = "Development";

    public static void AddBearerTokens(
        this IServiceCollection services,
        IReadOnlyList<TrustedIssuer> issuers,
        VaultKeys keys,
        bool development
    )
    {
        var builder = services
            .AddAuthentication(ByIssuer)
            .AddPolicyScheme(
                ByIssuer,
                null,
                options => options.ForwardDefaultSelector = context => SchemeOf(context, issuers)
            )
            .AddJwtBearer(Development, options => AcceptDevelopmentTokens(options, keys, development));
        foreach (var issuer in issuers)
        {
            builder.AddJwtBearer(issuer.Authority, options => AcceptIssuer(options, issuer));
        }

        services.AddAuthorization();
    }

    /// <summary>The issuer of development tokens.</summary>
    public const string DevelopmentIssuer = "urn:creditbank:development";

    /// <summary>The audience of development tokens.</summary>
    public const string DevelopmentAudience = "creditbank";

    private static string SchemeOf(HttpContext context, IReadOnlyList<TrustedIssuer> issuers)
    {
        var header = context.Request.Headers.Authorization.ToString();
        const string Bearer = "Bearer ";
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            var handler = new JsonWebTokenHandler();
            var text = header[Bearer.Length..];
            if (handler.CanReadToken(text))
            {
                var named = handler.ReadJsonWebToken(text).Issuer.TrimEnd('/');
                return issuers.FirstOrDefault(issuer => issuer.Authority.TrimEnd('/') == named)?.Authority
                    ?? Development;
            }
        }

        return Development;
    }

    private static void AcceptIssuer(JwtBearerOptions options, TrustedIssuer issuer)
    {
        options.Authority = issuer.Authority;
        options.Audience = issuer.Audience;
        options.MapInboundClaims = false;
        options.TokenValidationParameters.NameClaimType = "sub";
        AnswerWithProblems(options);
    }

    private static void AcceptDevelopmentTokens(JwtBearerOptions options, VaultKeys keys, bool development)
    {
        options.MapInboundClaims = false;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            NameClaimType = "sub",
            ValidIssuer = DevelopmentIssuer,
            ValidAudience = DevelopmentAudience,
            IssuerSigningKeys = development ? [new SymmetricSecurityKey(keys.Master.Development)] : [],
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
        };
        AnswerWithProblems(options);
    }

    private static void AnswerWithProblems(JwtBearerOptions options) =>
        options.Events = new JwtBearerEvents
        {
            OnChallenge = async challenge =>
            {
                challenge.HandleResponse();
                challenge.Response.Headers.WWWAuthenticate = "Bearer";
                await Answers
                    .Problem(StatusCodes.Status401Unauthorized, "access.token", TokenText)
                    .ExecuteAsync(challenge.HttpContext);
            },
        };

    private static readonly BilingualText TokenText = new("缺少有效的访问令牌。", "A valid bearer token is needed.");
}
