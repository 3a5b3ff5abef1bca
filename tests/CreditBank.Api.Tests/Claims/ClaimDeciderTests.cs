using CreditBank.Api.Claims;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Tests.Claims;

public sealed class ClaimDeciderTests
{
    private const string Account = "acc-07-00000000000000000000";
    private static readonly LocalDate Today = new(2026, 3, 2);

    private static readonly ClaimFacts Facts = new()
    {
        ClaimId = "clm-07-00000000000000000000",
        AccountId = Account,
        ProviderId = "trainer",
        RecordId = "r-1",
        Kind = "xCertificate",
        Title = "Web",
        Certificate = new CertificateRecord("web-frontend", "intermediate", "issuer", new LocalDate(2025, 6, 30), null),
        NumberNoteId = "note-1",
        Evidence = [],
        Accreditation = new Accreditation(["xCertificate"], [], new LocalDate(2020, 1, 1), null),
        RecognisedLevel = "4",
    };

    [Fact]
    public void a_claim_is_due_within_fifteen_working_days()
    {
        var submitted = Submit(Facts).Value!;

        Assert.Equal(Today, submitted.SubmittedOn);
        Assert.Equal(new LocalDate(2026, 3, 23), submitted.DueOn);
    }

    [Fact]
    public void a_certificate_is_issued_today_at_the_latest()
    {
        Assert.NotNull(Submit(IssuedOn(Today)).Value);
        Assert.Equal("claim.issuedLater", Submit(IssuedOn(Today.PlusDays(1))).Refusal?.Code);
    }

    [Theory]
    [InlineData("2025-06-30", null, null)]
    [InlineData("2025-07-01", null, "claim.accreditationPeriod")]
    [InlineData("2020-01-01", "2025-06-30", "claim.accreditationPeriod")]
    [InlineData("2020-01-01", "2025-07-01", null)]
    public void the_day_of_issue_lies_within_the_accreditation(string from, string? to, string? code)
    {
        var scope = Facts.Accreditation with { FromOn = Day(from), ToOn = to is null ? null : Day(to) };

        Assert.Equal(code, Submit(Facts with { Accreditation = scope }).Refusal?.Code);
    }

    [Theory]
    [InlineData("training", null, "claim.accreditationScope")]
    [InlineData("xCertificate", 4, null)]
    [InlineData("xCertificate", 3, "claim.accreditationScope")]
    public void kind_and_level_lie_within_the_accreditation(string kind, int? level, string? code)
    {
        var scope = Facts.Accreditation with { Levels = level is { } only ? [only] : [] };

        Assert.Equal(code, Submit(Facts with { Kind = kind, Accreditation = scope }).Refusal?.Code);
    }

    [Fact]
    public void who_submitted_does_not_decide()
    {
        Assert.Equal("access.fourEyes", Decide(Claim(), "act-submitter").Refusal?.Code);
        Assert.IsType<ClaimVerified>(Decide(Claim(), "act-other").Value);
        Assert.IsType<ClaimRejected>(Decide(Claim(), "act-other", verified: false).Value);
    }

    [Theory]
    [InlineData(ClaimStates.Verified)]
    [InlineData(ClaimStates.Rejected)]
    public void a_claim_is_decided_once(string state)
    {
        var refusal = Decide(Claim() with { State = state }, "act-other").Refusal;

        Assert.Equal("claim.decided", refusal?.Code);
        Assert.Equal(state, refusal?.State);
    }

    [Fact]
    public void a_learners_claim_becomes_a_record_of_the_issuer_under_the_claims_own_id()
    {
        var own = Submit(Facts with { ProviderId = null }).Value!;

        var record = ClaimDecider.RecordOf(own, "sqf-credit");

        Assert.Equal("issuer", record.InstitutionId);
        Assert.Equal(own.ClaimId, record.RecordId);
        Assert.Equal("trainer", ClaimDecider.RecordOf(Submit(Facts).Value!, "sqf-credit").InstitutionId);
    }

    private static Decision<ClaimSubmitted> Submit(ClaimFacts facts) =>
        ClaimDecider.Submit(facts, Today, WorkingCalendar.Shanghai);

    private static Decision<object> Decide(CertificateClaim claim, string verifier, bool verified = true) =>
        ClaimDecider.Decide(claim, verifier, verified, "note-2", Today);

    private static ClaimFacts IssuedOn(LocalDate on) =>
        Facts with
        {
            Certificate = Facts.Certificate with { IssuedOn = on },
        };

    private static CertificateClaim Claim() =>
        new()
        {
            Id = Facts.ClaimId,
            AccountId = Account,
            ProviderId = "trainer",
            State = ClaimStates.Submitted,
            SortKey = string.Empty,
            SubmittedBy = "act-submitter",
            Submitted = Submit(Facts).Value!,
        };

    private static LocalDate Day(string text) => NodaTime.Text.LocalDatePattern.Iso.Parse(text).Value;
}
