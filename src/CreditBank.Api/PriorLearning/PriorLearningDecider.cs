using CreditBank.Api.Access;
using CreditBank.Api.Outcomes;
using CreditBank.Kernel;
using CreditBank.Ledger;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.PriorLearning;

/// <summary>Decides on applications for recognition of prior learning. Pure.</summary>
public static class PriorLearningDecider
{
    /// <summary>Working days from submission to the end of the service target, as for certificate claims.</summary>
    public const int WorkingDays = 15;

    /// <summary>Where an outcome of prior learning says it came from.</summary>
    public const string SourceKind = "priorLearning";

    /// <summary>The assessment, while none stands, by another person than who submitted.</summary>
    /// <param name="portfolio">The application.</param>
    /// <param name="found">What it is worth; none when it is worth nothing.</param>
    /// <param name="method">How it was assessed.</param>
    /// <param name="actorId">Who assesses, by pseudonym.</param>
    /// <param name="noteId">The reason, in the vault.</param>
    /// <param name="today">The day in Shanghai.</param>
    public static Decision<PriorLearningAssessed> Assess(
        Portfolio portfolio,
        PriorLearningWorth? found,
        string method,
        string actorId,
        string noteId,
        LocalDate today
    ) =>
        portfolio.State != PortfolioStates.Submitted ? State(portfolio)
        : portfolio.SubmittedBy == actorId ? AccessRefusals.FourEyes
        : new PriorLearningAssessed(portfolio.Id, found, method, noteId, today);

    /// <summary>The decision on an assessment, by another person than who submitted or assessed.</summary>
    /// <param name="portfolio">The application.</param>
    /// <param name="approves">Whether the person agrees that it is worth what was found.</param>
    /// <param name="actorId">Who decides, by pseudonym.</param>
    /// <param name="noteId">The reason, in the vault.</param>
    /// <param name="accreditation">What the institution may issue, day by day.</param>
    /// <param name="today">The day in Shanghai.</param>
    public static Decision<object> Decide(
        Portfolio portfolio,
        bool approves,
        string actorId,
        string noteId,
        AccreditationHistory accreditation,
        LocalDate today
    )
    {
        if (portfolio.State != PortfolioStates.Assessed)
        {
            return State(portfolio);
        }

        if (portfolio.AssessedBy == actorId || portfolio.SubmittedBy == actorId)
        {
            return AccessRefusals.FourEyes;
        }

        if (!approves)
        {
            return new PriorLearningRefused(portfolio.Id, noteId, today);
        }

        if (portfolio.Assessed!.Found is not { } found)
        {
            return NothingFound;
        }

        var on = portfolio.Assessed.AssessedOn;
        return accreditation.On(on).Covers(OutcomeKinds.PriorLearning, found.Level, on)
            ? new PriorLearningRecognised(portfolio.Id, OutcomeIdOf(portfolio), noteId, today)
            : NotAccredited;
    }

    /// <summary>The learner takes it back, while it is not decided.</summary>
    public static Decision<PriorLearningWithdrawn> Withdraw(Portfolio portfolio, LocalDate today) =>
        PortfolioStates.Open.Contains(portfolio.State)
            ? new PriorLearningWithdrawn(portfolio.Id, today)
            : State(portfolio);

    /// <summary>The record an application becomes: the institution vouches, under the application's id.</summary>
    public static OutcomeRecord RecordOf(Portfolio portfolio)
    {
        var found = portfolio.Assessed!.Found!;
        return new OutcomeRecord
        {
            InstitutionId = portfolio.InstitutionId,
            RecordId = portfolio.Id,
            Revision = 1,
            Kind = OutcomeKinds.PriorLearning,
            CourseCode = found.CourseCode,
            Title = found.Title,
            Credits = found.Amount,
            Unit = found.Unit,
            Level = found.Level,
            Result = OutcomeResults.Passed,
            CompletedOn = portfolio.Assessed.AssessedOn,
        };
    }

    private static string OutcomeIdOf(Portfolio portfolio) =>
        LedgerId.Outcome(portfolio.AccountId, portfolio.InstitutionId, portfolio.Id);

    private static Refusal State(Portfolio portfolio) =>
        new(
            "priorLearning.state",
            RefusalKind.Conflict,
            new BilingualText(
                $"申请现为“{portfolio.State}”，不能如此处理。",
                $"The application is {portfolio.State}; this cannot be done now."
            )
        )
        {
            State = portfolio.State,
        };

    private static readonly Refusal NothingFound = new(
        "priorLearning.nothingFound",
        RefusalKind.Rule,
        new BilingualText("评估未认定任何学分，只能不予认定。", "The assessor found nothing to recognise; refuse it.")
    );

    private static readonly Refusal NotAccredited = new(
        "priorLearning.notAccredited",
        RefusalKind.Rule,
        new BilingualText(
            "评估当日，机构未获准认定先前学习，或该级别不在认可范围内。",
            "On the day of the assessment the institution was not accredited to recognise prior learning of this level."
        )
    );
}
