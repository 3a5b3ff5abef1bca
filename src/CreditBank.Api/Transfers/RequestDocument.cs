using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CreditBank.Ledger;
using CreditBank.Ledger.Audit;
using CreditBank.Rules;

namespace CreditBank.Api.Transfers;

/// <summary>
/// Everything the rules were asked for one evaluation, named by what it is; events carry the hash (rulings 8). Whoever has
/// it and the text of the rule set can evaluate again. In the account's book; never changed.
/// </summary>
public sealed class RequestDocument
{
    /// <summary>SHA-256 of <see cref="Json"/> in UTF-8, lower-case hexadecimal.</summary>
    public required string Id { get; init; }

    /// <summary>The request as canonical JSON text (RFC 8785), amounts as text, nothing for what is missing.</summary>
    public required string Json { get; init; }

    /// <summary>The document of a request. Lists keep the order they were asked in.</summary>
    public static RequestDocument Of(EvaluationRequest request)
    {
        var canonical = CanonicalJson.Of(JsonSerializer.SerializeToUtf8Bytes(request, LedgerJson.Options));
        return new RequestDocument
        {
            Id = Convert.ToHexStringLower(SHA256.HashData(canonical)),
            Json = Encoding.UTF8.GetString(canonical),
        };
    }

    /// <summary>The request.</summary>
    public EvaluationRequest Read() => JsonSerializer.Deserialize<EvaluationRequest>(Json, LedgerJson.Options)!;
}
