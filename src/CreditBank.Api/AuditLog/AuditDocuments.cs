using System.Text;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.RuleSets;
using CreditBank.Api.Transfers;

namespace CreditBank.Api.AuditLog;

/// <summary>The texts that events name by their SHA-256: rule sets and proposals.</summary>
public sealed class AuditDocuments(LedgerBooks books)
{
    /// <summary>The text of a rule set as storage has it; none when it is not there.</summary>
    public async Task<byte[]?> RuleSetAsync(string sha256, CancellationToken cancellation)
    {
        await using var session = books.Read(LedgerBooks.Registry);
        var text = await session.LoadAsync<RuleSetText>(sha256, cancellation);
        return text is null ? null : Encoding.UTF8.GetBytes(text.CanonicalJson);
    }

    /// <summary>The text of a proposal as storage has it; none when it is not in the book.</summary>
    public async Task<byte[]?> ProposalAsync(string book, string sha256, CancellationToken cancellation)
    {
        await using var session = books.Read(book);
        var document = await session.LoadAsync<ProposalDocument>(sha256, cancellation);
        return document is null ? null : Encoding.UTF8.GetBytes(document.Json);
    }
}
