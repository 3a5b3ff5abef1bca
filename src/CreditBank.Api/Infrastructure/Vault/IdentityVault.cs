using System.Security.Cryptography;
using System.Text.Json;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel.Identifiers;
using Marten;

namespace CreditBank.Api.Infrastructure.Vault;

/// <summary>Keeps who a person is apart from what the ledger knows.</summary>
public sealed class IdentityVault(VaultKeys keys, LedgerBooks books)
{
    /// <summary>The key's kind in <see cref="LedgerBooks.BookOfKey"/>.</summary>
    public const string IdentityKey = "identity";

    private const string SubjectKey = "subject";
    private const string IdentityPurpose = "identity";
    private const string NotePurpose = "note";

    /// <summary>The keys behind it.</summary>
    public VaultKeys Keys => keys;

    /// <summary>The book of an account.</summary>
    public string BookOf(string accountId) => books.BookOf(accountId);

    /// <summary>The tag under which an identity is claimed.</summary>
    public string TagOf(PersonIdentity identity) => keys.IdentityTag(TextOf(identity));

    /// <summary>The tag by which names are compared: form, width, case, spaces and separators do not count.</summary>
    public string? NameTagOf(string? name) =>
        name is null ? null : keys.IdentityTag("name\n" + PersonName.Folded(name));

    /// <summary>The tag under which a person's identity is claimed.</summary>
    public string TagOf(Person person) => TagOf(Reveal(person).Identity);

    /// <summary>The tags of a person before and after a rotation of keys.</summary>
    internal ChangedTags ChangedTagsOf(Person person)
    {
        var revealed = Reveal(person);
        return new(TagBeforeOf(revealed.Identity), TagOf(revealed.Identity), NameTagOf(revealed.Name));
    }

    /// <summary>The tag of an identity under the keys that a rotation replaces.</summary>
    internal string TagBeforeOf(PersonIdentity identity) => keys.IdentityTagBefore(TextOf(identity));

    /// <summary>The book in which an identity is claimed.</summary>
    public string BookOfIdentity(string tag) => books.BookOfKey(IdentityKey, tag);

    /// <summary>The book in which a subject is bound.</summary>
    public string BookOfSubject(string pseudonym) => books.BookOfKey(SubjectKey, pseudonym);

    /// <summary>The account that claims an identity; none when nobody does.</summary>
    public async Task<IdentityClaim?> Find(PersonIdentity identity, CancellationToken cancellation)
    {
        var tag = TagOf(identity);
        await using var session = books.Read(books.BookOfKey(IdentityKey, tag));
        return await session.LoadAsync<IdentityClaim>(tag, cancellation);
    }

    /// <summary>The account a token's subject was bound to; none when it was not.</summary>
    public async Task<string?> AccountOfSubject(string pseudonym, CancellationToken cancellation)
    {
        await using var session = books.Read(books.BookOfKey(SubjectKey, pseudonym));
        return (await session.LoadAsync<SubjectBinding>(pseudonym, cancellation))?.AccountId;
    }

    /// <summary>Binds a subject within the session's commit.</summary>
    public void Bind(IDocumentSession session, string pseudonym, string accountId) =>
        session
            .ForTenant(books.BookOfKey(SubjectKey, pseudonym))
            .Store(new SubjectBinding { Id = pseudonym, AccountId = accountId });

    /// <summary>
    /// Puts a person into the vault within the session's commit. Two commits that claim one identity at once: the
    /// second fails with a unique violation.
    /// </summary>
    public void Enter(IDocumentSession session, string accountId, PersonIdentity identity, string? name)
    {
        var (person, claim) = Seal(accountId, identity, name);
        session.ForTenant(books.BookOf(accountId)).Insert(person);
        session.ForTenant(BookOfIdentity(claim.Id)).Insert(claim);
    }

    /// <summary>A person and the claim on the identity, not stored yet.</summary>
    internal (Person Person, IdentityClaim Claim) Seal(string accountId, PersonIdentity identity, string? name)
    {
        var wrapped = keys.NewWrappedKey();
        var nameTag = NameTagOf(name);
        var person = new Person
        {
            Id = accountId,
            WrappedKey = wrapped,
            NameTag = nameTag,
            SealedIdentity = keys.Seal(
                wrapped,
                JsonSerializer.Serialize(new SealedPerson(identity, name)),
                IdentityPurpose
            ),
        };
        var claim = new IdentityClaim
        {
            Id = TagOf(identity),
            AccountId = accountId,
            NameTag = nameTag,
        };
        return (person, claim);
    }

    /// <summary>
    /// Keeps a person's words under the person's key within the session's commit, which is lost when the person was
    /// erased or merged meanwhile.
    /// </summary>
    /// <returns>The id that events name.</returns>
    public string Keep(IDocumentSession session, Person person, string text)
    {
        var id = "note-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        Expect(session, person);
        session
            .ForTenant(books.BookOf(person.Id))
            .Insert(
                new Note
                {
                    Id = id,
                    AccountId = person.Id,
                    SealedText = keys.Seal(person.WrappedKey, text, NotePurpose + id),
                }
            );
        return id;
    }

    /// <summary>
    /// Makes the session's commit fail, as lost to another writer, when the person was erased or merged since it was
    /// read.
    /// </summary>
    public void Expect(IDocumentSession session, Person person) =>
        PersonGuard.Expect(session, books.BookOf(person.Id), person);

    /// <summary>The words behind ids; an id whose person was erased is missing from the answer.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Read(
        IQuerySession session,
        string accountId,
        IReadOnlyCollection<string> noteIds,
        CancellationToken cancellation
    )
    {
        if (noteIds.Count == 0 || await session.LoadAsync<Person>(accountId, cancellation) is not { } person)
        {
            return new Dictionary<string, string>();
        }

        var notes = await session.LoadManyAsync<Note>(cancellation, [.. noteIds]);
        return notes
            .Where(note => note.AccountId == accountId)
            .ToDictionary(
                note => note.Id,
                note => keys.Open(person.WrappedKey, note.SealedText, NotePurpose + note.Id)
            );
    }

    /// <summary>
    /// Whether two names are the same person's as far as a record can tell; a missing name tells nothing.
    /// </summary>
    public static bool NamesDiffer(string? nameTag, string? otherNameTag) =>
        nameTag is not null && otherNameTag is not null && nameTag != otherNameTag;

    private SealedPerson Reveal(Person person) =>
        JsonSerializer.Deserialize<SealedPerson>(keys.Open(person.WrappedKey, person.SealedIdentity, IdentityPurpose))!;

    private static string TextOf(PersonIdentity identity) =>
        $"{identity.Type}\n{identity.InstitutionId}\n{identity.Number}";

    private sealed record SealedPerson(PersonIdentity Identity, string? Name);
}

/// <summary>What a rotation of keys changes about how a person is found.</summary>
/// <param name="Before">The identity's tag until now.</param>
/// <param name="After">The identity's tag from now on.</param>
/// <param name="NameTag">The name's from now on; none without a name.</param>
internal sealed record ChangedTags(string Before, string After, string? NameTag);

/// <summary>How a person is identified, normalised: the same person and document give the same three values.</summary>
/// <param name="Type"><c>residentId</c>, <c>passport</c>, <c>permanentResidence</c> or <c>institutional</c>.</param>
/// <param name="Number">The number, normalised by its standard.</param>
/// <param name="InstitutionId">The institution whose number it is; only with <c>institutional</c>.</param>
public sealed record PersonIdentity(string Type, string Number, string? InstitutionId);
