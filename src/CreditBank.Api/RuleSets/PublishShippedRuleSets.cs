using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Ledger.Events;
using CreditBank.Rules;

namespace CreditBank.Api.RuleSets;

/// <summary>
/// Publishes, once, the rule sets that ship with the service. What was published before is never touched, also when
/// the shipped text has changed since.
/// </summary>
public sealed class PublishShippedRuleSets(
    LedgerBooks books,
    RuleSetLibrary library,
    ShippedRuleSets shipped,
    ILogger<PublishShippedRuleSets> log
)
{
    /// <summary>Publishes what is new and fills the library.</summary>
    /// <exception cref="InvalidOperationException">A shipped rule set has problems, or the bank's own family has
    /// none.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await library.RefreshAsync(cancellation);
        foreach (var (path, result) in RuleSetFolder.LoadAll(shipped.Folder))
        {
            if (result.RuleSet is not { } rules)
            {
                throw new InvalidOperationException(
                    $"The rule set in {path} has problems: {string.Join("; ", result.Problems)}"
                );
            }

            if (library.Catalog.Find(rules.Version) is not { } published)
            {
                await Publish(rules, RuleSetFiles.Of(RuleSetFolder.TextsOf(path)), cancellation);
            }
            else if (published.Hash != rules.Hash)
            {
                log.LogWarning(
                    "Rule set {Version} was published as {Published}; the shipped text ({Shipped}) has no effect.",
                    rules.Version,
                    published.Hash,
                    rules.Hash
                );
            }
        }

        await library.RefreshAsync(cancellation);
    }

    private async Task Publish(RuleSet rules, RuleSetFiles files, CancellationToken cancellation)
    {
        await using var session = books.Write(LedgerBooks.Registry, Actor.Bank);
        session.Events.StartStream<RuleSetRecord>(
            RuleSetRecord.StreamOf(rules.Version),
            new RuleSetPublished(rules.Version, rules.Family, rules.Hash, rules.EffectiveFromOn, rules.EffectiveToOn)
            {
                FilesHash = files.Id,
            }
        );
        session.Store(files);
        session.Store(new RuleSetText { Id = rules.Hash, CanonicalJson = rules.CanonicalJson });
        await session.SaveChangesAsync(cancellation);
        log.LogInformation("Published rule set {Version} ({Hash}).", rules.Version, rules.Hash);
    }
}

/// <summary>Where the shipped rule sets lie, and which family the bank itself recognises under.</summary>
/// <param name="Folder">The folder of families.</param>
/// <param name="Family">The family that recognises what is deposited.</param>
public sealed record ShippedRuleSets(string Folder, string Family)
{
    /// <summary>Beside the program, where the build puts <c>specs/rules</c>.</summary>
    public static readonly ShippedRuleSets Default = new(Path.Combine(AppContext.BaseDirectory, "rules"), "sqf");
}
