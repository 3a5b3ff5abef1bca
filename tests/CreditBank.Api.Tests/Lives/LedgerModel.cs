using CreditBank.Api.Accounts;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Tests.Lives;

/// <summary>
/// What must have come of the commands of a life. It knows what issuers said, what people were shown and decided line
/// by line, and who they were; of the account's events and of its fold it knows nothing, so it errs on its own.
/// </summary>
internal sealed partial class LedgerModel
{
    private readonly Dictionary<string, Known> outcomes = [];
    private readonly Dictionary<string, Ticket> tickets = [];
    private readonly List<Line> lines = [];
    private Dictionary<string, Credits> before = [];
    private LocalDate today;

    /// <summary>What was decided and should not have been, and what is not as it must be.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Whether everything was looked for whose term is over.</summary>
    public bool IsSwept { get; set; }

    private sealed class Known
    {
        public required OutcomeRecord Record { get; set; }

        public required Credits Amount { get; set; }

        public required string Unit { get; set; }

        public LocalDate? ExpiresOn { get; set; }

        /// <summary>What ended by time, and on which day.</summary>
        public List<(LocalDate On, Credits Amount)> Expiries { get; } = [];

        public Credits Expired => Expiries.Sum(expiry => expiry.Amount);

        public OutcomeStatus Status { get; set; }
    }

    private sealed class Ticket
    {
        public required TransferSubmitted Submitted { get; init; }

        public required string SubmittedBy { get; init; }

        public HashSet<string> EvaluatedBy { get; } = [];

        public HashSet<string> DecidedBy { get; } = [];

        public HashSet<int> Approved { get; } = [];

        public TransferEvaluated? Evaluated { get; set; }

        /// <summary>A panel varies: it goes through the round itself.</summary>
        public bool IsVarying { get; set; }

        public string Programme => $"{Submitted.InstitutionId}/{Submitted.ProgrammeId}";
    }

    private sealed record Line(Ticket Of, ProposedLine Shown, bool IsPosted)
    {
        public int Number => Shown.Line;

        /// <summary>What it uses, an outcome a row.</summary>
        public IEnumerable<(string OutcomeId, Use Use)> Uses =>
            IsPosted
                ? Shown.Debits.Select(debit =>
                    (debit.OutcomeId, new Use(Credits.Zero, debit.Converted.Amount, debit.Forfeited.Amount))
                )
                : Shown.Holds.Select(hold => (hold.OutcomeId, new Use(hold.Held.Amount, Credits.Zero, Credits.Zero)));

        public bool IsOn(string outcomeId) => Uses.Any(use => use.OutcomeId == outcomeId && use.Use.Total.IsPositive);

        public bool Names(string outcomeId) => Shown.OutcomeIds.Contains(outcomeId);
    }

    /// <summary>What is used of an outcome.</summary>
    private readonly record struct Use(Credits Held, Credits Converted, Credits Forfeited)
    {
        public Credits Total => Held + Converted + Forfeited;

        public static Use operator +(Use one, Use other) =>
            new(one.Held + other.Held, one.Converted + other.Converted, one.Forfeited + other.Forfeited);
    }

    /// <summary>A command is about to be given.</summary>
    public void Begin(LocalDate on)
    {
        today = on;
        IsSwept = false;
        var uses = Uses();
        before = outcomes.Keys.ToDictionary(id => id, id => Available(id, uses));
        foreach (var ticket in tickets.Values)
        {
            ticket.IsVarying = false;
        }
    }

    /// <summary>An outcome was recorded.</summary>
    public void Recorded(string id, OutcomeRecord record, OutcomeRecognised recognised)
    {
        Expect(outcomes.TryAdd(id, KnownOf(record, recognised)), $"{id} was recorded twice");
        before[id] = Credits.Zero;
    }

    /// <summary>An outcome ended, and these lines fell with it.</summary>
    public void Ended(string id, bool withdraws, IReadOnlyList<TransferLinesVoided> voided)
    {
        Expect(outcomes[id].Status == OutcomeStatus.Recorded, $"{id} ended twice");
        Unwind(id, voided);
        outcomes[id].Status = withdraws ? OutcomeStatus.Withdrawn : OutcomeStatus.Revoked;
        outcomes[id].Expiries.Clear();
    }

    /// <summary>An outcome is worth something else, and these lines fell; none where it still covers them.</summary>
    public void Corrected(
        string id,
        OutcomeRecord record,
        OutcomeRecognised recognised,
        IReadOnlyList<TransferLinesVoided> voided
    )
    {
        var known = outcomes[id];
        var used = Uses().GetValueOrDefault(id).Total;
        Expect(known.Status == OutcomeStatus.Recorded, $"{id} was corrected after its end");
        Expect(record.Revision > known.Record.Revision, $"{id} was corrected to an old revision");
        if (
            voided.Count > 0
            || used.IsPositive && (recognised.Value.Amount < used || recognised.Value.Unit != known.Unit)
        )
        {
            Unwind(id, voided);
        }

        outcomes[id] = KnownOf(record, recognised);
        before[id] = Credits.Zero;
    }

    /// <summary>What must be so after a command, and is not in the account.</summary>
    public void Compare(Account account)
    {
        Expect(
            outcomes.Keys.ToHashSet().SetEquals(account.Outcomes.Keys),
            $"there are {string.Join(' ', account.Outcomes.Keys)} and not {string.Join(' ', outcomes.Keys)}"
        );
        var uses = Uses();
        foreach (var (id, known) in outcomes)
        {
            if (account.Outcomes.TryGetValue(id, out var position))
            {
                Settle(id, known, position, uses);
                Compare(id, known, position, uses);
            }
        }

        var posted = lines.Where(line => line.IsPosted).Select(NameOf).ToHashSet();
        var standing = account
            .Conversions.SelectMany(one => one.Lines.Select(line => (one.TransferId, line.Line)))
            .ToHashSet();
        Expect(posted.SetEquals(standing), $"{string.Join(' ', standing)} stand and not {string.Join(' ', posted)}");
    }

    /// <summary>Everything of an account that was merged into this one.</summary>
    public void TakeOver(LedgerModel other)
    {
        foreach (var (id, known) in other.outcomes)
        {
            Expect(outcomes.TryAdd(id, known), $"{id} was in two accounts");
        }

        foreach (var (id, ticket) in other.tickets)
        {
            tickets[id] = ticket;
        }

        lines.AddRange(other.lines);
        other.outcomes.Clear();
        other.lines.Clear();
    }

    /// <summary>What a merge had brought goes back, with the posted lines that rest on it, each whole.</summary>
    public void GiveBack(LedgerModel other, IEnumerable<string> outcomeIds)
    {
        foreach (var id in outcomeIds)
        {
            other.outcomes.Add(id, outcomes[id]);
            outcomes.Remove(id);
        }

        foreach (var line in lines.ToList())
        {
            var gone = line.Shown.OutcomeIds.Count(other.outcomes.ContainsKey);
            Expect(gone == 0 || line.IsPosted && gone == line.Shown.OutcomeIds.Count, $"{NameOf(line)} was torn");
            if (gone > 0)
            {
                lines.Remove(line);
                other.lines.Add(line);
            }
        }
    }

    private static Known KnownOf(OutcomeRecord record, OutcomeRecognised recognised) =>
        new()
        {
            Record = record,
            Amount = recognised.Value.Amount,
            Unit = recognised.Value.Unit,
            ExpiresOn = recognised.ExpiresOn,
        };

    private Dictionary<string, Use> Uses()
    {
        var uses = new Dictionary<string, Use>();
        foreach (var (id, use) in lines.SelectMany(line => line.Uses))
        {
            uses[id] = uses.GetValueOrDefault(id) + use;
        }

        return uses;
    }

    private Credits Available(string id, Dictionary<string, Use> uses) =>
        outcomes[id].Status != OutcomeStatus.Recorded
            ? Credits.Zero
            : outcomes[id].Amount - outcomes[id].Expired - uses.GetValueOrDefault(id).Total;

    /// <summary>
    /// What is free past its term expires with the next change of it, and with every look; it is never freed past it.
    /// </summary>
    private void Settle(string id, Known known, OutcomePosition position, Dictionary<string, Use> uses)
    {
        var free = Available(id, uses);
        if (known.ExpiresOn <= today && free.IsPositive)
        {
            if (position.Expired.Amount == known.Expired + free)
            {
                known.Expiries.Add((position.Expiries.Max(expiry => expiry.On), free));
            }
            else
            {
                Expect(!IsSwept && free <= before.GetValueOrDefault(id), $"{id} is available past its term");
            }
        }
    }

    private void Compare(string id, Known known, OutcomePosition position, Dictionary<string, Use> uses)
    {
        var isRevoked = known.Status == OutcomeStatus.Revoked;
        var wanted = (
            known.Status,
            known.Unit,
            Available(id, uses),
            uses.GetValueOrDefault(id),
            known.Expired,
            isRevoked ? known.Amount : Credits.Zero
        );
        var found = (
            position.Status,
            position.Available.Unit,
            position.Available.Amount,
            new Use(position.Held.Amount, position.Converted.Amount, position.Forfeited.Amount),
            position.Expired.Amount,
            position.Revoked.Amount
        );
        Expect(wanted == found, $"{id} is {found} and not {wanted}");
        Expect(!Available(id, uses).IsNegative, $"of {id} more is used than there is");
    }

    /// <summary>
    /// The lines that use credit of an outcome fall, and none but those that name it. One that only names it, and holds
    /// nothing of it, may stay in play; it is never posted.
    /// </summary>
    private void Unwind(string id, IReadOnlyList<TransferLinesVoided> voided)
    {
        var fell = voided.SelectMany(one => one.Lines.Select(number => (one.TransferId, number))).ToHashSet();
        var naming = lines.Where(line => line.Names(id)).ToList();
        var must = naming.Where(line => line.IsOn(id)).Select(NameOf).ToHashSet();
        Expect(
            must.IsSubsetOf(fell) && fell.IsSubsetOf(naming.Select(NameOf)),
            $"{string.Join(' ', fell)} fell with {id} and not {string.Join(' ', must)}"
        );
        lines.RemoveAll(line => fell.Contains(NameOf(line)));
    }

    private static (string, int) NameOf(Line line) => (line.Of.Submitted.TransferId, line.Number);

    private void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            Faults.Add(otherwise);
        }
    }
}
