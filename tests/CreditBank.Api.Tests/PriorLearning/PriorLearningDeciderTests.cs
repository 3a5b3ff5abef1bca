using CreditBank.Api.PriorLearning;
using CreditBank.Kernel;
using CreditBank.Ledger;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.Tests.PriorLearning;

public sealed class PriorLearningDeciderTests
{
    private static readonly LocalDate Today = new(2026, 3, 2);
    private static readonly LocalDate AssessedOn = Today.PlusDays(-3);
    private static readonly LocalDate Early = new(1990, 1, 1);
    private const string Kind = OutcomeKinds.PriorLearning;

    [Theory]
    [InlineData("4", null)]
    [InlineData("3", "priorLearning.notAccredited")]
    [InlineData("advanced", null)]
    [InlineData(null, null)]
    public void a_level_outside_the_scope_is_not_recognised(string? level, string? code)
    {
        var decision = Decide(new Accreditation([Kind], [4, 5], Early, null), level);

        Assert.Equal(code, decision.Refusal?.Code);
    }

    [Fact]
    public void the_day_of_the_assessment_tells_whether_the_institution_was_accredited()
    {
        var later = new Accreditation([Kind], [], AssessedOn.PlusDays(1), null);
        var over = new Accreditation([Kind], [], Early, AssessedOn);
        var today = new AccreditationHistory(
            new Accreditation([Kind], [], Early, null),
            [new AccreditationChanged("i", new Accreditation([], [], Early, null), Today, new BilingualText("改", "x"))]
        );

        Assert.Equal("priorLearning.notAccredited", Decide(later).Refusal?.Code);
        Assert.Equal("priorLearning.notAccredited", Decide(over).Refusal?.Code);
        Assert.Equal("priorLearning.notAccredited", Decide(new Accreditation([], [], Early, null)).Refusal?.Code);
        Assert.IsType<PriorLearningRecognised>(Decide(today).Value);
    }

    [Fact]
    public void who_submitted_neither_assesses_nor_decides()
    {
        var submitted = Assessed("4") with { State = PortfolioStates.Submitted };

        Assert.Equal("access.fourEyes", Assess(submitted, "submitter").Refusal?.Code);
        Assert.NotNull(Assess(submitted, "somebody else").Value);
        var accreditation = new Accreditation([Kind], [], Early, null);
        Assert.Equal("access.fourEyes", Decide(accreditation, "4", "submitter").Refusal?.Code);
        Assert.Equal("access.fourEyes", Decide(accreditation, "4", "assessor").Refusal?.Code);
    }

    private static Decision<PriorLearningAssessed> Assess(Portfolio portfolio, string actorId) =>
        PriorLearningDecider.Assess(portfolio, null, "interview", actorId, "note", Today);

    private static Decision<object> Decide(
        AccreditationHistory accreditation,
        string? level = "4",
        string actorId = "approver"
    ) => PriorLearningDecider.Decide(Assessed(level), true, actorId, "note", accreditation, Today);

    private static Portfolio Assessed(string? level) =>
        new()
        {
            Id = "rpl-00-00000000000000000000",
            AccountId = "acc-00-00000000000000000000",
            InstitutionId = "i",
            State = PortfolioStates.Assessed,
            Place = string.Empty,
            Submitted = new PriorLearningSubmitted("rpl", "acc", "i", "note", [], AssessedOn, Today),
            SubmittedBy = "submitter",
            Assessed = new PriorLearningAssessed(
                "rpl",
                new PriorLearningWorth("LOG-1", "物流基础", new Credits(3), "cn-credit", level),
                "interview",
                "note",
                AssessedOn
            ),
            AssessedBy = "assessor",
        };
}
