using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CreditBank.Ledger;
using CreditBank.Rules;

namespace CreditBank.Api.Transfers;

/// <summary>
/// A whole proposal with explanations and trace, named by what it is; events carry the hash (rulings 8). In the
/// account's
/// book; never changed.
/// </summary>
public sealed class ProposalDocument
{
    private static readonly JsonSerializerOptions Options = CreateOptions();

    /// <summary>SHA-256 of <see cref="Json"/> in UTF-8, lower-case hexadecimal.</summary>
    public required string Id { get; init; }

    /// <summary>The proposal as JSON text, amounts as text.</summary>
    public required string Json { get; init; }

    /// <summary>The document of a proposal.</summary>
    public static ProposalDocument Of(Proposal proposal)
    {
        var json = JsonSerializer.Serialize(proposal, Options);
        return new ProposalDocument
        {
            Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json))),
            Json = json,
        };
    }

    /// <summary>The proposal.</summary>
    public Proposal Read() => JsonSerializer.Deserialize<Proposal>(Json, Options)!;

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(LedgerJson.Options);
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
