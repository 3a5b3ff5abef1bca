using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;
using Grant = CreditBank.Ledger.Events.Grant;

namespace CreditBank.Verifier;

/// <summary>
/// Evaluates anew what was evaluated and what was converted, from the events alone and under the versions that were
/// cited: outcomes and what was free of them, the programme as published, who was accredited, what people decided.
/// </summary>
internal sealed class ConversionCheck(RegistryFacts registry)
{
    private const string Match = "match";

    // Who may issue what is asked as of the event that is checked.
    private long knownAt;

    /// <summary>How many evaluations were checked.</summary>
    public long Evaluations { get; private set; }

    /// <summary>How many lines of conversions were checked.</summary>
    public long Lines { get; private set; }

    /// <summary>Why an evaluation is not what the rules say; none when it is.</summary>
    /// <param name="transfer">The transfer before it.</param>
    /// <param name="evaluated">The evaluation.</param>
    /// <param name="account">The account as it was.</param>
    /// <param name="recordedAtMicroseconds">When it was recorded.</param>
    public string? Differs(
        OpenTransfer transfer,
        TransferEvaluated evaluated,
        LearnerAccount account,
        long recordedAtMicroseconds
    )
    {
        Evaluations++;
        knownAt = recordedAtMicroseconds;
        var catalog = registry.CatalogAt(recordedAtMicroseconds);
        if (catalog.Find(evaluated.RuleSetVersion) is not { } lead || lead.Hash != evaluated.RuleSetHash)
        {
            return $"It cites {evaluated.RuleSetVersion} with another text than was published.";
        }

        var decidedOn = DayOf(recordedAtMicroseconds);
        var proposal = Propose(transfer, transfer.InPlay, account, catalog, decidedOn, out var problem);
        if (proposal is null)
        {
            return problem;
        }

        if (transfer.Evaluated is null && proposal.RuleSet.Version != evaluated.RuleSetVersion)
        {
            return $"{proposal.RuleSet.Version} was in force, not {evaluated.RuleSetVersion}.";
        }

        var inPlay = transfer.InPlay;
        var fresh = evaluated.Lines.Where(line => !transfer.IsDone(line.Line));
        foreach (var line in fresh.Where(line => line.OutcomeIds.Any(inPlay.Contains)))
        {
            if (LineDiffers(line.OutcomeIds, line.Result, line.Debits, line.Grants, proposal) is { } words)
            {
                return $"Line {line.Line}: {words}";
            }
        }

        return null;
    }

    /// <summary>Why a conversion is not what the rules say; none when it is.</summary>
    /// <param name="transfer">The transfer.</param>
    /// <param name="converted">The conversion.</param>
    /// <param name="account">The account before it.</param>
    /// <param name="recordedAtMicroseconds">When it was recorded.</param>
    public string? Differs(
        OpenTransfer? transfer,
        CreditConverted converted,
        LearnerAccount account,
        long recordedAtMicroseconds
    )
    {
        Lines += converted.Lines.Count;
        if (transfer?.Evaluated is null)
        {
            return "It belongs to no transfer that was evaluated.";
        }

        knownAt = recordedAtMicroseconds;
        var catalog = registry.CatalogAt(recordedAtMicroseconds);
        var whole = Propose(transfer, transfer.InPlay, account, catalog, converted.EffectiveOn, out var problem);
        if (whole is null)
        {
            return problem;
        }

        if (FirstDifference(converted, whole) is null)
        {
            return null;
        }

        // Where earlier grants left less room than there was for the whole, what was approved must fit by itself.
        var outcomes = converted.Lines.SelectMany(line => line.Debits).Select(debit => debit.OutcomeId).Distinct();
        var alone = Propose(transfer, [.. outcomes], account, catalog, converted.EffectiveOn, out problem);
        return alone is null ? problem : FirstDifference(converted, alone);
    }

    private static string? FirstDifference(CreditConverted converted, Proposal proposal)
    {
        foreach (var line in converted.Lines)
        {
            IReadOnlyList<string> outcomes =
            [
                .. line.Debits.Select(debit => debit.OutcomeId).Distinct().Order(StringComparer.Ordinal),
            ];
            if (LineDiffers(outcomes, Match, line.Debits, line.Grants, proposal) is { } words)
            {
                return $"Line {line.Line}: {words}";
            }
        }

        return null;
    }

    private static string? LineDiffers(
        IReadOnlyList<string> outcomes,
        string result,
        IReadOnlyList<Debit> debits,
        IReadOnlyList<Grant> grants,
        Proposal proposal
    )
    {
        var line = proposal.Lines.FirstOrDefault(line => line.OutcomeIds.SequenceEqual(outcomes));
        if (line is null)
        {
            return "The rules make no line of these outcomes.";
        }

        var fresh = line.Result.ToString().ToLowerInvariant();
        if (fresh != result)
        {
            return $"{line.RuleSetVersion} says {fresh} ({line.Code}), recorded is {result}.";
        }

        var debited = line.Debits.Select(debit => (debit.OutcomeId, debit.Converted, debit.Forfeited));
        var granted = line.Grants.Select(grant =>
            (grant.CourseCodes.Count == 0 ? string.Empty : grant.CourseCodes[0], grant.Credits)
        );
        return !debited.SequenceEqual(debits.Select(one => (one.OutcomeId, one.Converted.Amount, one.Forfeited.Amount)))
                ? $"{line.RuleSetVersion} debits other amounts."
            : !granted.SequenceEqual(grants.Select(grant => (grant.CourseCode, grant.Amount)))
                ? $"{line.RuleSetVersion} grants {line.GrantedCredits}, "
                    + $"recorded is {grants.Sum(grant => grant.Amount)}."
            : null;
    }

    private Proposal? Propose(
        OpenTransfer transfer,
        IReadOnlyList<string> outcomeIds,
        LearnerAccount account,
        RuleSetCatalog catalog,
        LocalDate decidedOn,
        out string? problem
    )
    {
        var submitted = transfer.Submitted;
        var programme = registry.Programme(submitted.InstitutionId, submitted.ProgrammeId, submitted.ProgrammeVersion);
        problem =
            programme is null ? "The programme was never published in that version."
            : outcomeIds.Any(id => account.Outcomes.GetValueOrDefault(id)?.Record is null)
                ? "An outcome is not in the account."
            : null;
        if (problem is not null)
        {
            return null;
        }

        var conversions = Standing(transfer, account);
        var (versions, binding) = Binding(transfer, catalog, decidedOn);
        var request = new EvaluationRequest
        {
            Outcomes =
            [
                .. outcomeIds
                    .Order(StringComparer.Ordinal)
                    .Select(id => Facts(account, conversions, account.Outcomes[id], transfer)),
            ],
            Programme = RecordFacts.Of(programme!),
            AppliedOn = submitted.SubmittedOn,
            DecidedOn = binding,
            Granted = Granted(account, conversions, submitted.InstitutionId, submitted.ProgrammeId),
            Decisions = transfer.ForRules(),
            Agreements = RecordFacts.Of(submitted.Agreements),
        };
        var result = Evaluator.Evaluate(request, versions);
        problem = result.Refusal?.Text.En;
        return result.Proposal;
    }

    /// <summary>
    /// The versions of the first evaluation are pinned, unless the policy binds at the decision (rulings 16).
    /// </summary>
    private static (RuleSetCatalog Versions, LocalDate DecidedOn) Binding(
        OpenTransfer transfer,
        RuleSetCatalog catalog,
        LocalDate decidedOn
    )
    {
        var submittedOn = transfer.Submitted.SubmittedOn;
        if (transfer.Evaluated is not { } evaluated)
        {
            return (catalog, submittedOn);
        }

        if (
            catalog.Find(evaluated.RuleSetVersion) is { Binding: BindingPolicy.AtDecision }
            && transfer.Fresh.Count == 0
        )
        {
            return (catalog, decidedOn);
        }

        var pinned = evaluated
            .Lines.Select(line => line.RuleSetVersion)
            .Append(evaluated.RuleSetVersion)
            .Concat((transfer.Submitted.Agreements ?? []).Select(terms => terms.RuleSetVersion))
            .Distinct();
        return (new RuleSetCatalog(pinned.Select(catalog.Find).OfType<RuleSet>()), submittedOn);
    }

    /// <summary>What was converted, without the lines that the same commit takes back.</summary>
    private static List<CreditConverted> Standing(OpenTransfer transfer, LearnerAccount account) =>
        [
            .. account.Conversions.Select(one =>
                one.TransferId == transfer.Submitted.TransferId
                    ? one with
                    {
                        Lines = [.. one.Lines.Where(line => !transfer.IsTakenBack(line.Line))],
                    }
                    : one
            ),
        ];

    private OutcomeFacts Facts(
        LearnerAccount account,
        List<CreditConverted> conversions,
        LearnerOutcome outcome,
        OpenTransfer transfer
    ) =>
        RecordFacts.Of(outcome.OutcomeId, outcome.Record!) with
        {
            Available = outcome.FreeFor(transfer.Submitted.TransferId).Amount + TakenBack(account, outcome, transfer),
            Suspended = outcome.HasEnded,
            AccreditationPeriods = RecordFacts.PeriodsOf(
                registry.AccreditationOf(outcome.Record!.InstitutionId, knownAt),
                outcome.Record.Kind
            ),
            Uses =
            [
                .. conversions.SelectMany(conversion =>
                    conversion
                        .Lines.SelectMany(line => line.Debits)
                        .Where(debit => debit.OutcomeId == outcome.OutcomeId)
                        .Select(debit => new UseFacts(
                            conversion.InstitutionId,
                            conversion.ProgrammeId,
                            debit.Total.Amount,
                            account.IsConferred(conversion.TransferId)
                        ))
                ),
            ],
        };

    private static Credits TakenBack(LearnerAccount account, LearnerOutcome outcome, OpenTransfer transfer) =>
        account
            .Conversions.Where(one => one.TransferId == transfer.Submitted.TransferId)
            .SelectMany(one => one.Lines)
            .Where(line => transfer.IsTakenBack(line.Line))
            .SelectMany(line => line.Debits)
            .Where(debit => debit.OutcomeId == outcome.OutcomeId)
            .Sum(debit => debit.Total.Amount);

    private static IReadOnlyList<GrantedLine> Granted(
        LearnerAccount account,
        List<CreditConverted> conversions,
        string institution,
        string programme
    ) =>
        [
            .. conversions
                .Where(one => one.InstitutionId == institution && one.ProgrammeId == programme)
                .SelectMany(conversion => conversion.Lines)
                .SelectMany(line => line.Grants.Select(grant => Of(account, line, grant))),
        ];

    private static GrantedLine Of(LearnerAccount account, ConvertedLine line, Grant grant)
    {
        var first = line
            .Debits.Select(debit => account.Outcomes.GetValueOrDefault(debit.OutcomeId)?.Record)
            .FirstOrDefault();
        return new GrantedLine
        {
            Kind = first?.Kind,
            Category = grant.Category,
            InstitutionId = first?.InstitutionId,
            CourseCodes = grant.CourseCode.Length == 0 ? [] : [grant.CourseCode],
            OutcomeIds = [.. line.Debits.Select(debit => debit.OutcomeId)],
            Credits = grant.Amount,
            Level = grant.Level,
            Compulsory = grant.Compulsory,
            CompletedOn = first?.CompletedOn,
            CoversCourseCodes = grant.Covers ?? [],
        };
    }

    private static LocalDate DayOf(long microseconds) =>
        BankCalendar.DayOf(Instant.FromUnixTimeTicks(microseconds * 10));
}
