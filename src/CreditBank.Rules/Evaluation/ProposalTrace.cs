using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>
/// The reasoning as JSON: which versions, what each outcome was seen as, every way that was tried and what stood
/// against it, what was chosen. Decimals are strings; the order is fixed; there is no white space.
/// </summary>
internal static class ProposalTrace
{
    public static string Write(
        EvaluationRequest request,
        RuleSet lead,
        BoundOutcome[] bound,
        List<PreparedOutcome> prepared,
        List<Candidate> candidates,
        List<ProposalLine> lines,
        ProposalTotals totals,
        List<CapUse> caps,
        bool optimal,
        int nodes
    )
    {
        var json = new JsonText().BeginObject();
        WriteRequest(json, request, lead, bound);
        WriteOutcomes(json, prepared);
        WriteCandidates(json, candidates);
        WriteLines(json, lines);
        json.Name("caps").BeginList();
        foreach (var cap in caps)
        {
            json.BeginObject()
                .Field("clause", cap.Clause)
                .Field("scope", cap.Scope)
                .Field("limit", cap.Limit)
                .Field("used", cap.Used)
                .EndObject();
        }

        json.EndList()
            .Name("totals")
            .BeginObject()
            .Field("sourceDebited", totals.SourceDebited)
            .Field("granted", totals.Granted)
            .Field("forfeited", totals.Forfeited)
            .Field("retained", totals.Retained)
            .EndObject();
        return json.Field("optimal", optimal).Field("nodes", nodes).EndObject().Finish();
    }

    private static void WriteRequest(JsonText json, EvaluationRequest request, RuleSet lead, BoundOutcome[] bound)
    {
        json.Name("ruleSets").BeginList();
        var versions = Evaluator.VersionsOf(bound);
        versions.Remove(lead);
        versions.Sort(static (left, right) => string.CompareOrdinal(left.Version, right.Version));
        json.BeginObject().Field("version", lead.Version).Field("hash", lead.Hash).EndObject();
        foreach (var rules in versions)
            json.BeginObject().Field("version", rules.Version).Field("hash", rules.Hash).EndObject();
        json.EndList()
            .Name("programme")
            .BeginObject()
            .Field("institution", request.Programme.InstitutionId)
            .Field("id", request.Programme.ProgrammeId)
            .Field("version", request.Programme.Version)
            .EndObject()
            .Field("appliedOn", Days.Text(request.AppliedOn))
            .Field("enrolledOn", request.EnrolledOn is { } enrolled ? Days.Text(enrolled) : null)
            .Field("decidedOn", request.DecidedOn is { } decided ? Days.Text(decided) : null)
            .Field("asked", request.RuleSetVersion);
    }

    private static void WriteOutcomes(JsonText json, List<PreparedOutcome> prepared)
    {
        json.Name("outcomes").BeginList();
        foreach (var outcome in prepared)
        {
            json.BeginObject()
                .Field("id", outcome.Facts.OutcomeId)
                .Field("versions", outcome.Bound.Versions, static rules => rules.Version)
                .Field("by", outcome.Bound.By)
                .Field("source", outcome.Source)
                .Field("unit", outcome.UnitId)
                .Field("standard", outcome.Worth ?? Credits.Zero)
                .Field("available", outcome.AvailableSource)
                .Field("level", outcome.Level)
                .Field("score", outcome.Score?.ToString());
            WriteFinding(json, outcome.Finding);
            json.EndObject();
        }

        json.EndList();
    }

    private static void WriteCandidates(JsonText json, List<Candidate> candidates)
    {
        json.Name("tried").BeginList();
        foreach (var candidate in candidates)
        {
            json.BeginObject()
                .Field("rule", candidate.Equivalence?.Id)
                .Field("version", candidate.Rules.Version)
                .Field("outcomes", candidate.Sources, static source => source.Facts.OutcomeId)
                .Field("courses", candidate.Targets, static target => target.Code)
                .Field("grant", candidate.Grant);
            if (candidate.Findings.Count > 0)
                WriteFinding(json, candidate.Decisive);
            json.EndObject();
        }

        json.EndList();
    }

    private static void WriteFinding(JsonText json, Finding? finding)
    {
        if (finding is null)
            return;
        json.Name("against")
            .BeginObject()
            .Field("code", finding.Code)
            .Field("clause", finding.Clause)
            .Field("seen", finding.Seen)
            .Field("needed", finding.Needed)
            .EndObject();
    }

    private static void WriteLines(JsonText json, List<ProposalLine> lines)
    {
        json.Name("lines").BeginList();
        foreach (var line in lines)
        {
            json.BeginObject()
                .Field("line", line.Line)
                .Field("outcomes", line.OutcomeIds)
                .Field("courses", line.CourseCodes)
                .Field("result", Word(line.Result))
                .Field("code", line.Code)
                .Field("version", line.RuleSetVersion)
                .Field("clauses", line.Clauses, static citation => citation.Clause)
                .Field("granted", line.GrantedCredits)
                .Name("debits")
                .BeginList();
            foreach (var debit in line.Debits)
            {
                json.BeginObject()
                    .Field("outcome", debit.OutcomeId)
                    .Field("unit", debit.Unit)
                    .Field("converted", debit.Converted)
                    .Field("forfeited", debit.Forfeited)
                    .EndObject();
            }

            json.EndList().EndObject();
        }

        json.EndList();
    }

    private static string Word(LineResult result) =>
        result switch
        {
            LineResult.Match => "match",
            LineResult.Maybe => "maybe",
            _ => "miss",
        };
}
