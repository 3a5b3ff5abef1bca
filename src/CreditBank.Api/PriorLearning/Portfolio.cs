using CreditBank.Ledger.Events;
using JasperFx.Events;
using Marten;
using NodaTime;
using NodaTime.Text;

namespace CreditBank.Api.PriorLearning;

/// <summary>An application for recognition of prior learning: the state of its stream in the account's book.</summary>
public sealed record Portfolio
{
    /// <summary>The application; also the stream's key.</summary>
    public required string Id { get; init; }

    /// <summary>The learner's account.</summary>
    public required string AccountId { get; init; }

    /// <summary>Who assesses it.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>One of <see cref="PortfolioStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>The due day and the id: lists show the oldest due first.</summary>
    public required string Place { get; init; }

    /// <summary>What was submitted.</summary>
    public required PriorLearningSubmitted Submitted { get; init; }

    /// <summary>Who submitted it, by pseudonym; they may neither assess nor decide it.</summary>
    public string? SubmittedBy { get; init; }

    /// <summary>The assessment; none before it.</summary>
    public PriorLearningAssessed? Assessed { get; init; }

    /// <summary>Who assessed it, by pseudonym; they may not decide.</summary>
    public string? AssessedBy { get; init; }

    /// <summary>The outcome it became.</summary>
    public string? OutcomeId { get; init; }

    /// <summary>The reason of the decision, in the vault.</summary>
    public string? NoteId { get; init; }

    /// <summary>The day of the decision, or of the withdrawal.</summary>
    public LocalDate? DecidedOn { get; init; }

    /// <summary>The stream's version.</summary>
    public long Version { get; set; }

    /// <summary>Those that still wait although their due day, inclusive, is over.</summary>
    public static IQueryable<Portfolio> Overdue(IQueryable<Portfolio> portfolios, LocalDate today)
    {
        var day = LocalDatePattern.Iso.Format(today);
        return portfolios.Where(portfolio =>
            portfolio.State.IsOneOf(PortfolioStates.Open) && portfolio.Place.CompareTo(day) < 0
        );
    }

    /// <summary>The first state.</summary>
    public static Portfolio Create(IEvent<PriorLearningSubmitted> submitted) =>
        new()
        {
            Id = submitted.Data.PortfolioId,
            AccountId = submitted.Data.AccountId,
            InstitutionId = submitted.Data.InstitutionId,
            State = PortfolioStates.Submitted,
            Place = $"{LocalDatePattern.Iso.Format(submitted.Data.DueOn)} {submitted.Data.PortfolioId}",
            Submitted = submitted.Data,
            SubmittedBy = submitted.UserName,
        };

    /// <summary>Folds.</summary>
    public Portfolio Apply(IEvent<PriorLearningAssessed> assessed) =>
        this with
        {
            State = PortfolioStates.Assessed,
            Assessed = assessed.Data,
            AssessedBy = assessed.UserName,
        };

    /// <summary>Folds.</summary>
    public Portfolio Apply(PriorLearningRecognised recognised) =>
        this with
        {
            State = PortfolioStates.Recognised,
            OutcomeId = recognised.OutcomeId,
            NoteId = recognised.NoteId,
            DecidedOn = recognised.DecidedOn,
        };

    /// <summary>Folds.</summary>
    public Portfolio Apply(PriorLearningRefused refused) =>
        this with
        {
            State = PortfolioStates.Refused,
            NoteId = refused.NoteId,
            DecidedOn = refused.DecidedOn,
        };

    /// <summary>Folds.</summary>
    public Portfolio Apply(PriorLearningWithdrawn withdrawn) =>
        this with
        {
            State = PortfolioStates.Withdrawn,
            DecidedOn = withdrawn.WithdrawnOn,
        };
}

/// <summary>The states of an application.</summary>
public static class PortfolioStates
{
    /// <summary>It waits for an assessor.</summary>
    public const string Submitted = "submitted";

    /// <summary>It was assessed and waits for another person's decision.</summary>
    public const string Assessed = "assessed";

    /// <summary>It became an outcome.</summary>
    public const string Recognised = "recognised";

    /// <summary>It was not recognised.</summary>
    public const string Refused = "refused";

    /// <summary>The learner took it back.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>The states in which somebody is still to decide.</summary>
    public static readonly string[] Open = [Submitted, Assessed];

    /// <summary>All states.</summary>
    public static readonly IReadOnlyList<string> All = [Submitted, Assessed, Recognised, Refused, Withdrawn];
}
