using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Rules;

/// <summary>An evaluator's yes to a maybe line that may become a rule (RK-49).</summary>
/// <param name="TransferId">The transfer it was decided in; the rule cites it.</param>
/// <param name="Outcomes">The outcomes of the line.</param>
/// <param name="InstitutionId">The receiving institution.</param>
/// <param name="CourseCodes">The courses they became.</param>
/// <param name="Similarity">What the evaluator measured, 0 to 1; none where nothing was measured.</param>
/// <param name="DecidedOn">The day of the decision.</param>
public sealed record Precedent(
    string TransferId,
    IReadOnlyList<OutcomeFacts> Outcomes,
    string InstitutionId,
    IReadOnlyList<string> CourseCodes,
    Credits? Similarity,
    LocalDate DecidedOn
);

/// <summary>
/// Makes drafts from published versions and precedents. A draft goes through the same door as any other: its cases, the
/// impact report, another person's approval.
/// </summary>
public static class Precedents
{
    /// <summary>A draft of a new version that adds the precedents to a published one.</summary>
    /// <param name="published">The version to build on.</param>
    /// <param name="number">The new number within the family, such as <c>2021.2</c>.</param>
    /// <param name="fromOn">The first day it would be in force.</param>
    /// <param name="precedents">The decisions to adopt.</param>
    public static RuleSetResult Draft(
        RuleSet published,
        string number,
        LocalDate fromOn,
        IReadOnlyList<Precedent> precedents
    )
    {
        var problems = new ProblemList();
        var under = (DocumentMap)CanonicalJson.Read(published.CanonicalJson, problems)!;
        var at = new Position("precedents", 1, 1);
        var changes = new DocumentMap(at);
        changes.Set("version", new DocumentText(at, number));
        changes.Set("effective", Map(at, ("from", new DocumentText(at, Days.Text(fromOn)))));
        changes.Set("sources", List(at, precedents.Select(precedent => Source(at, precedent))));
        changes.Set("equivalences", List(at, precedents.Select(precedent => Equivalence(at, precedent))));
        return RuleSetReader.Read(DocumentMerge.Overlay(under, changes), problems);
    }

    private static DocumentMap Source(Position at, Precedent precedent) =>
        Map(
            at,
            ("id", new DocumentText(at, SourceId(precedent))),
            ("title", new DocumentText(at, $"Decision of {Days.Text(precedent.DecidedOn)} on {precedent.TransferId}"))
        );

    private static DocumentMap Equivalence(Position at, Precedent precedent)
    {
        var sources = precedent
            .Outcomes.OrderBy(outcome => outcome.OutcomeId, StringComparer.Ordinal)
            .Select(outcome => (DocumentNode)Pattern(at, outcome));
        var courses = precedent.CourseCodes.Select(code => (DocumentNode)new DocumentText(at, code));
        var map = Map(
            at,
            ("id", new DocumentText(at, "precedent-" + precedent.TransferId)),
            ("relation", new DocumentText(at, "precedent")),
            ("from", Map(at, ("all", List(at, sources)))),
            (
                "to",
                Map(at, ("institution", new DocumentText(at, precedent.InstitutionId)), ("courses", List(at, courses)))
            ),
            ("cites", new DocumentText(at, SourceId(precedent)))
        );
        if (precedent.Similarity is { } similarity)
            map.Set("similarity", new DocumentText(at, similarity.ToString()));
        return map;
    }

    private static DocumentMap Pattern(Position at, OutcomeFacts outcome)
    {
        if (outcome.Certificate is not { } certificate)
        {
            return Map(
                at,
                ("institution", new DocumentText(at, outcome.InstitutionId)),
                ("course", new DocumentText(at, outcome.CourseCode ?? ""))
            );
        }

        var map = Map(at, ("certificate", new DocumentText(at, certificate.Code)));
        if (certificate.Level is { } level)
            map.Set("certificateLevel", new DocumentText(at, level));
        return map;
    }

    private static string SourceId(Precedent precedent) => "decision-" + precedent.TransferId;

    private static DocumentMap Map(Position at, params ReadOnlySpan<(string Key, DocumentNode Value)> entries)
    {
        var map = new DocumentMap(at);
        foreach (var (key, value) in entries)
            map.Set(key, value);
        return map;
    }

    private static DocumentList List(Position at, IEnumerable<DocumentNode> items)
    {
        var list = new DocumentList(at);
        list.Items.AddRange(items);
        return list;
    }
}
