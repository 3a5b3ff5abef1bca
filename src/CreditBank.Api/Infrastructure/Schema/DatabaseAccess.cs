namespace CreditBank.Api.Infrastructure.Schema;

/// <summary>With which rights the service talks to its database (rulings 26).</summary>
/// <param name="Service">The connection that everything runs on; its role need not be able to change history.</param>
/// <param name="Owner">
/// The connection of the schema's owner, used at start only; none where the schema is brought up to date by
/// <c>db-apply</c>, or where the first connection has the owner's rights.
/// </param>
public sealed record DatabaseAccess(string Service, string? Owner);
