namespace CreditBank.Rules;

/// <summary>The level of an outcome in the rule set's framework, or why a person has to place it.</summary>
internal sealed record Placing(string? Level, string? Problem, string? Clause, IReadOnlyList<string> Candidates)
{
    private static readonly Placing Unstated = new(null, null, null, []);

    /// <summary>
    /// A stated level counts, then the certificate's in the directory, then a placement of the rule set.
    /// </summary>
    public static Placing Of(OutcomeFacts outcome, RuleSet rules)
    {
        if (outcome.Level is { } stated)
            return OfStated(stated, rules);
        if (outcome.Certificate is { } certificate)
        {
            foreach (var entry in rules.Certificates)
            {
                if (
                    entry.Code == certificate.Code
                    && entry.Level is not null
                    && (entry.CertificateLevel is null || entry.CertificateLevel == certificate.Level)
                    && entry.Period.Contains(outcome.CompletedOn)
                )
                {
                    return new Placing(entry.Level, null, entry.Id, []);
                }
            }
        }

        var facts = new BareFacts(outcome);
        foreach (var placement in rules.Placements)
        {
            if (placement.When.Holds(facts))
                return new Placing(placement.Level, null, placement.Id, []);
        }

        return Unstated;
    }

    private static Placing OfStated(string stated, RuleSet rules)
    {
        var colon = stated.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || stated[..colon] == rules.Framework)
        {
            var own = stated[(colon + 1)..];
            return rules.RankOf(own) is null ? Unclear(null, []) : new Placing(own, null, null, []);
        }

        foreach (var table in rules.Crosswalks)
        {
            if (table.From != stated[..colon] || table.To != rules.Framework)
                continue;
            var levels = table.Rows.GetValueOrDefault(stated[(colon + 1)..]) ?? [];
            return levels.Count == 1 ? new Placing(levels[0], null, table.Id, []) : Unclear(table.Id, levels);
        }

        return Unclear(null, []);
    }

    private static Placing Unclear(string? clause, IReadOnlyList<string> candidates) =>
        new(null, LineCodes.LevelUnclear, clause, candidates);

    /// <summary>The facts an outcome has before anything is known of a programme.</summary>
    private sealed class BareFacts(OutcomeFacts outcome) : IFacts
    {
        public string? Text(FactField field) => this[field].Text;

        public decimal? Number(FactField field) => this[field].Number;

        public FactValue this[FactField field] =>
            field switch
            {
                FactField.OutcomeKind => FactValue.Of(outcome.Kind),
                FactField.OutcomeInstitution => FactValue.Of(outcome.InstitutionId),
                FactField.OutcomeCourse => FactValue.Of(outcome.CourseCode),
                FactField.OutcomeSubject => FactValue.Of(outcome.Subject),
                FactField.OutcomeUnit => FactValue.Of(outcome.Unit),
                FactField.OutcomeCompleted => FactValue.Of(outcome.CompletedOn),
                FactField.CertificateCode => FactValue.Of(outcome.Certificate?.Code),
                FactField.CertificateLevel => FactValue.Of(outcome.Certificate?.Level),
                FactField.CertificateIssuer => FactValue.Of(outcome.Certificate?.IssuerId),
                _ => FactValue.Unknown,
            };
    }
}
