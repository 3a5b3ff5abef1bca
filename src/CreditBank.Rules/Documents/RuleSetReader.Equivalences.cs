using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>The directory of certificates, families, and equivalences from documents and from tables.</summary>
internal sealed partial class RuleSetReader
{
    private List<CertificateEntry> ReadCertificates(IReadOnlyList<LevelEntry> levels)
    {
        var certificates = new List<CertificateEntry>();
        foreach (var fields in root.Groups("certificates"))
        {
            var id = ClauseId(fields);
            var level = fields.Text("level");
            if (level is not null && levels.All(entry => entry.Id != level))
                fields.Problem("level", "level.unknown", $"'{level}' is no level of this framework.");
            fields.Required("credits");
            CheckDecimals(fields, "credits");
            var entry = new CertificateEntry(
                id,
                fields.Required("code"),
                fields.Text("certificateLevel"),
                fields.RequiredTexts("title"),
                fields.Amount("credits") ?? Credits.Zero,
                level,
                fields.Period(),
                Cites(fields)
            );
            var overlap = certificates.FirstOrDefault(other =>
                other.Code == entry.Code
                && other.CertificateLevel == entry.CertificateLevel
                && other.Period.Overlaps(entry.Period)
            );
            if (overlap is not null)
                fields.Problem(
                    "code",
                    "period.overlap",
                    $"'{overlap.Id}' gives this certificate a value on the same days."
                );
            certificates.Add(entry);
            fields.Done();
        }

        return certificates;
    }

    /// <summary>Amounts of standard credit carry no more decimals than its unit allows.</summary>
    private void CheckDecimals(FieldReader fields, string name)
    {
        if (
            fields.Text(name) is { } text
            && Credits.TryParse(text, null, out var amount)
            && decimal.Round(amount.Value, standardDecimals) != amount.Value
        )
        {
            var most = standardDecimals.ToString(System.Globalization.CultureInfo.InvariantCulture);
            fields.Problem(
                name,
                "number.decimals",
                $"The standard credit has at most {most} decimals; here stands {text}."
            );
        }
    }

    private List<Family> ReadFamilies()
    {
        var families = new List<Family>();
        foreach (var fields in root.Groups("families"))
        {
            var id = ClauseId(fields);
            var codes = fields.Words("codes");
            if (codes.Count < 2)
                fields.Problem("codes", "family.small", "A family has at least two codes.");
            families.Add(new Family(id, fields.RequiredTexts("title"), codes, Cites(fields)));
            fields.Done();
        }

        return families;
    }

    private List<Equivalence> ReadEquivalences(List<CertificateEntry> certificates)
    {
        var equivalences = new List<Equivalence>();
        foreach (var fields in root.Groups("equivalences"))
        {
            if (ReadEquivalence(fields) is { } equivalence)
                equivalences.Add(equivalence);
            fields.Done();
        }

        ReadTables(equivalences);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var equivalence in equivalences.Where(equivalence => !ids.Add(equivalence.Id)))
            problems.Add(root.At, "clause.duplicate", $"The equivalence id '{equivalence.Id}' stands twice.");
        return equivalences;
    }

    private Equivalence? ReadEquivalence(FieldReader fields)
    {
        var id = ClauseId(fields);
        var branches = ReadBranches(fields);
        var (institution, target) = ReadTarget(fields);
        var equivalence = new Equivalence
        {
            Id = id,
            Relation = fields.Word(
                "relation",
                branches.Any(branch => branch.Any(source => source.Certificate is not null)) ? "certificate" : "course",
                "course",
                "certificate",
                "block",
                "plan",
                "precedent"
            ),
            Branches = branches,
            Target = target,
            InstitutionId = institution,
            ProgrammeIds = [.. fields.Words("programmes")],
            Similarity = fields.Number("similarity", 0, 1),
            MeanMinimum = fields.Number("meanMinimum", 0, 100),
            Period = ReadPeriod(fields),
            By = ReadBasis(fields),
            Title = fields.Texts("title"),
            Cites = [.. Cites(fields)],
        };
        return branches.Length == 0 ? null : equivalence;
    }

    private static Period ReadPeriod(FieldReader fields)
    {
        if (fields.Group("period") is not { } group)
            return Period.Always;
        var period = group.Period();
        group.Done();
        return period;
    }

    private SourcePattern[][] ReadBranches(FieldReader fields)
    {
        if (fields.Group("from") is not { } from)
        {
            fields.Required("from");
            return [];
        }

        SourcePattern[][] branches;
        if (from.Has("any"))
            branches = [.. from.Groups("any").Select(ReadBranch)];
        else
            branches = [ReadBranch(from)];
        from.Done();
        return branches;
    }

    private SourcePattern[] ReadBranch(FieldReader fields)
    {
        if (!fields.Has("all"))
            return [ReadPattern(fields)];
        var sources = fields.Groups("all").Select(ReadPattern).ToArray();
        if (sources.Length is 0 or > 8)
            fields.Problem("all", "equivalence.sources", "A branch has one to eight sources.");
        fields.Done();
        return sources;
    }

    private SourcePattern ReadPattern(FieldReader fields)
    {
        var pattern = new SourcePattern(
            fields.Text("institution"),
            fields.Text("course"),
            fields.Text("certificate"),
            fields.Text("certificateLevel"),
            fields.Number("scoreMinimum", 0, 100),
            fields.Has("when") ? ReadWhen(fields, "when") : null
        );
        var named = (pattern.Course is null ? 0 : 1) + (pattern.Certificate is null ? 0 : 1);
        if (named + (pattern.When is null ? 0 : 1) != 1)
            problems.Add(fields.At, "equivalence.source", "A source has one of 'course', 'certificate' and 'when'.");
        if (pattern.When?.Fields.Any(FactFields.NeedsTarget) ?? false)
            fields.Problem("when", "equivalence.source", "A source's condition asks for facts of the outcome only.");
        fields.Done();
        return pattern;
    }

    private (string? InstitutionId, TargetSet Target) ReadTarget(FieldReader fields)
    {
        if (fields.Group("to") is not { } to)
        {
            fields.Required("to");
            return (null, new TargetSet());
        }

        var institution = to.Text("institution");
        var (all, choose) = (to.Words("courses"), to.Words("choose"));
        FreeCredit? free = null;
        if (to.Group("credit") is { } credit)
        {
            var share = credit.Number("programmeShare", 0, 1);
            CheckDecimals(credit, "amount");
            free = new FreeCredit(credit.Amount("amount"), share, credit.Text("category"), [.. credit.Words("covers")]);
            if (free.Amount is not null && share is not null)
                credit.Problem(
                    "amount",
                    "equivalence.target",
                    "Credit without a course has an 'amount' or a 'programmeShare'."
                );
            credit.Done();
        }

        if ((all.Count > 0 ? 1 : 0) + (choose.Count > 0 ? 1 : 0) + (free is null ? 0 : 1) != 1)
            problems.Add(to.At, "equivalence.target", "A target has exactly one of 'courses', 'choose' and 'credit'.");
        if (choose.Count > 10)
            to.Problem("choose", "equivalence.target", "A choice has at most ten courses.");
        to.Done();
        var courses = choose.Count > 0 ? choose : all;
        return (
            institution,
            new TargetSet
            {
                Courses = [.. courses],
                Choose = choose.Count > 0,
                Free = free,
            }
        );
    }
}
