using CreditBank.Api.Claims;
using CreditBank.Api.PriorLearning;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using JasperFx.Events;
using NodaTime;

namespace CreditBank.Api.Tests.Lives;

/// <summary>Certificates and prior learning that become outcomes.</summary>
internal sealed partial class GeneratedLife
{
    private const string Provider = "the provider";
    private const string Verifier = "the verifier";
    private static readonly Accreditation Everything = new(OutcomeKinds.All, [], new LocalDate(2000, 1, 1), null);

    private static readonly (string Kind, string Code, string? Level)[] Certificates =
    [
        (OutcomeKinds.QualificationCertificate, "postal-courier", null),
        (OutcomeKinds.XCertificate, "web-frontend", "intermediate"),
        (OutcomeKinds.XCertificate, "web-frontend", "junior"),
        (OutcomeKinds.QualificationCertificate, "unheard-of", null),
    ];

    private readonly Dictionary<string, CertificateClaim> claims = [];
    private readonly Dictionary<string, Portfolio> portfolios = [];

    private IEnumerable<Command> OfClaims() =>
        [
            new("claim", 3, () => claims.Count < 4, Claim),
            new("decideClaim", 8, () => claims.Values.Any(claim => claim.State == ClaimStates.Submitted), DecideClaim),
            new("apply", 2, () => portfolios.Count < 3, Apply),
            new("assess", 4, () => Any(PortfolioStates.Submitted), Assess),
            new("decideApplication", 8, () => Any(PortfolioStates.Assessed), DecideApplication),
        ];

    private bool Any(string state) => portfolios.Values.Any(portfolio => portfolio.State == state);

    private string Claim()
    {
        var id = Named("c");
        var (kind, code, level) = lot.Of("certificate", Certificates, one => one.Code + one.Level);
        var issuedOn = today.PlusDays(-lot.Draw("issued", 400));
        var facts = new ClaimFacts
        {
            ClaimId = id,
            AccountId = Account.Id,
            ProviderId = lot.OneIn(2, "provider") ? "trainer" : null,
            RecordId = id,
            Kind = kind,
            Title = code,
            Certificate = new CertificateRecord(code, level, "issuer", issuedOn, null),
            NumberNoteId = "note",
            Evidence = [],
            Accreditation = Everything,
        };
        if (!ClaimDecider.Submit(facts, today, WorkingCalendar.Shanghai).Is(out var submitted, out var refusal))
        {
            return No(refusal);
        }

        var by = new Event<ClaimSubmitted>(submitted)
        {
            StreamKey = id,
            UserName = facts.ProviderId is null ? Folded.Learner : Provider,
        };
        claims[id] = CertificateClaim.Create(by);
        return Done($"claim {id} {code} {level}");
    }

    private string DecideClaim()
    {
        if (claims.Count == 0)
        {
            return "nothing";
        }

        var waiting = claims.Values.Where(claim => claim.State == ClaimStates.Submitted).ToList();
        var claim = lot.Of("claim", waiting.Count > 0 ? waiting : [.. claims.Values], claim => claim.Id);
        var who = lot.OneIn(8, "another") ? claim.SubmittedBy! : Verifier;
        if (
            !ClaimDecider
                .Decide(claim, who, !lot.OneIn(5, "reject"), "note", today)
                .Is(out var decided, out var refusal)
        )
        {
            return $"{claim.Id} {No(refusal)}";
        }

        Assert.NotEqual(claim.SubmittedBy, who);
        if (decided is not ClaimVerified verified)
        {
            claims[claim.Id] = claim.Apply((ClaimRejected)decided);
            return Done($"rejectClaim {claim.Id}");
        }

        claims[claim.Id] = claim.Apply(verified);
        var record = ClaimDecider.RecordOf(claim.Submitted, LifeRules.On(today).StandardUnit);
        return Record(verified.OutcomeId, record, new OutcomeSource("verified", claim.Id));
    }

    private string Apply()
    {
        var id = Named("p");
        var submitted = new PriorLearningSubmitted(id, Account.Id, "shou", "note", [], today, today.PlusDays(20));
        portfolios[id] = Portfolio.Create(new Event<PriorLearningSubmitted>(submitted) { UserName = Folded.Learner });
        return Done($"apply {id}");
    }

    private string Assess()
    {
        if (Waiting(PortfolioStates.Submitted) is not { } portfolio)
        {
            return "nothing";
        }

        var found = lot.OneIn(6, "nothing")
            ? null
            : new PriorLearningWorth("SHOU-WEB", "Web", new Credits(1 + lot.Draw("credits", 5)), "cn-credit", "5");
        var who = Who(Folded.Evaluator);
        var decision = PriorLearningDecider.Assess(portfolio, found, "interview", who, "note", today);
        if (!decision.Is(out var assessed, out var refusal))
        {
            return $"{portfolio.Id} {No(refusal)}";
        }

        portfolios[portfolio.Id] = portfolio.Apply(new Event<PriorLearningAssessed>(assessed) { UserName = who });
        Assert.NotEqual(portfolio.SubmittedBy, who);
        return Done($"assess {portfolio.Id}");
    }

    private string DecideApplication()
    {
        if (Waiting(PortfolioStates.Assessed) is not { } portfolio)
        {
            return "nothing";
        }

        var who = Who(Folded.Approver);
        var approves = !lot.OneIn(5, "refuse");
        var decision = PriorLearningDecider.Decide(portfolio, approves, who, "note", Everything, today);
        if (!decision.Is(out var decided, out var refusal))
        {
            return $"{portfolio.Id} {No(refusal)}";
        }

        Assert.NotEqual(portfolio.AssessedBy, who);
        Assert.NotEqual(portfolio.SubmittedBy, who);
        if (decided is not PriorLearningRecognised recognised)
        {
            portfolios[portfolio.Id] = portfolio.Apply((PriorLearningRefused)decided);
            return Done($"refuseApplication {portfolio.Id}");
        }

        portfolios[portfolio.Id] = portfolio.Apply(recognised);
        var record = PriorLearningDecider.RecordOf(portfolio);
        return Record(recognised.OutcomeId, record, new OutcomeSource(PriorLearningDecider.SourceKind, portfolio.Id));
    }

    private Portfolio? Waiting(string state)
    {
        var fit = portfolios.Values.Where(portfolio => portfolio.State == state).ToList();
        var from = fit.Count > 0 ? fit : [.. portfolios.Values];
        return from.Count == 0 ? null : lot.Of("portfolio", from, portfolio => portfolio.Id);
    }
}
