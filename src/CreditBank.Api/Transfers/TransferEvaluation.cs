using CreditBank.Api.Accounts;
using CreditBank.Api.Evaluations;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.Transfers;

/// <summary>
/// Evaluates outcomes for one transfer as of the day it was submitted; what it holds itself counts as free. Pure:
/// the same
/// account, programme and rule sets give the same proposal.
/// </summary>
public sealed class TransferEvaluation
{
    private readonly Account account;
    private readonly string transferId;
    private readonly EvaluationGround ground;
    private readonly EvaluationRequest template;

    private TransferEvaluation(
        Account account,
        string transferId,
        EvaluationGround ground,
        LocalDate appliedOn,
        LocalDate decidedOn,
        IReadOnlyList<AgreedTerms>? agreements,
        RuleSetCatalog catalog
    )
    {
        this.account = account;
        this.transferId = transferId;
        this.ground = ground;
        Catalog = catalog;
        template = new EvaluationRequest
        {
            Outcomes = [],
            Programme = ground.Facts,
            AppliedOn = appliedOn,
            DecidedOn = decidedOn,
            Granted = LearnerFacts.Granted(account, ground.Programme.InstitutionId, ground.Programme.ProgrammeId),
            Agreements = LearnerFacts.Agreements(agreements),
        };
    }

    /// <summary>The versions that may decide.</summary>
    public RuleSetCatalog Catalog { get; }

    /// <summary>The account the outcomes are in.</summary>
    public Account Account => account;

    /// <summary>The first evaluation, on the day of submission.</summary>
    public static TransferEvaluation First(
        Account account,
        TransferSubmitted submitted,
        EvaluationGround ground,
        RuleSetCatalog catalog
    ) =>
        new(
            account,
            submitted.TransferId,
            ground,
            submitted.SubmittedOn,
            submitted.SubmittedOn,
            submitted.Agreements,
            catalog
        );

    /// <summary>
    /// A later evaluation. The versions of the first one are pinned (rulings 16), unless its policy binds at the
    /// decision
    /// and this is the decision.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="transfer">The transfer.</param>
    /// <param name="ground">The programme in the version that was applied for.</param>
    /// <param name="decidedOn">The day of the final decision; none before it.</param>
    /// <param name="catalog">All versions.</param>
    public static TransferEvaluation Again(
        Account account,
        Transfer transfer,
        EvaluationGround ground,
        LocalDate? decidedOn,
        RuleSetCatalog catalog
    )
    {
        var (submittedOn, agreements) = (transfer.Submitted.SubmittedOn, transfer.Submitted.Agreements);
        // Not the version in force on that day as is known today: one that came later with an earlier first day says
        // nothing about an application that was judged before it came.
        var bindsAtDecision = catalog.Find(transfer.Evaluated!.RuleSetVersion) is { Binding: BindingPolicy.AtDecision };
        if (bindsAtDecision && decidedOn is { } decided)
        {
            return new TransferEvaluation(account, transfer.Id, ground, submittedOn, decided, agreements, catalog);
        }

        var versions = new RuleSetCatalog(transfer.RuleSetVersions.Select(version => catalog.Find(version)!));
        return new TransferEvaluation(account, transfer.Id, ground, submittedOn, submittedOn, agreements, versions);
    }

    /// <summary>A proposal over some outcomes of the account, with what evaluators decided.</summary>
    public EvaluationResult Of(IEnumerable<string> outcomeIds, IReadOnlyList<LineDecision> decisions) =>
        Evaluator.Evaluate(RequestFor(outcomeIds, decisions), Catalog);

    /// <summary>What <see cref="Of"/> asks the rules.</summary>
    public EvaluationRequest RequestFor(IEnumerable<string> outcomeIds, IReadOnlyList<LineDecision> decisions) =>
        template with
        {
            Outcomes = LearnerFacts.Outcomes(account, outcomeIds, transferId, ground),
            Decisions = decisions,
        };
}
