namespace CreditBank.Rules;

/// <summary>
/// The questions an evaluation asks and clauses decide. Their written names are in <see cref="Questions"/>.
/// </summary>
internal enum Question
{
    ScoreMinimum,
    MeanMinimum,
    ScoreWithoutGrade,
    SimilarityMinimum,
    LevelGap,
    SourceCoversTarget,
    Remainder,
    SpendScope,
    Recency,
    ShelfLife,
    AccreditedAt,
    CertificateValidAt,
    Attempts,
    Duplicates,
    CategoriesAllowed,
    CreditsPerOutcomeMaximum,
    CreditRecorded,
    GradeRecorded,
    Cutting,
    WithoutRule,
    Count,
}

/// <summary>How a question is answered.</summary>
internal enum AnswerType
{
    Number,
    Word,
    Words,
    Span,
}

/// <summary>The written form of each question, the words it takes, and the answer where no clause decides.</summary>
internal static class Questions
{
    private static readonly Shape[] Shapes =
    [
        new("scoreMinimum", AnswerType.Number, [], null, 100),
        new("meanMinimum", AnswerType.Number, [], null, 100),
        new("scoreWithoutGrade", AnswerType.Number, [], null, 100),
        new("similarityMinimum", AnswerType.Number, [], null, 1),
        new("levelGap", AnswerType.Word, ["0", "1", "2", "3", "any"], "any", 0),
        new("sourceCoversTarget", AnswerType.Word, ["required", "ignored"], "ignored", 0),
        new("remainder", AnswerType.Word, ["forfeit", "retain"], "forfeit", 0),
        new("spendScope", AnswerType.Word, ["global", "perProgramme", "onAward"], "global", 0),
        new("recency", AnswerType.Span, [], null, 0),
        new("shelfLife", AnswerType.Span, [], null, 0),
        new("accreditedAt", AnswerType.Word, ["none", "start", "end", "both"], "none", 0),
        new("certificateValidAt", AnswerType.Word, ["none", "application"], "none", 0),
        new("attempts", AnswerType.Word, ["best", "last", "all"], "best", 0),
        new("duplicates", AnswerType.Word, ["normalisedTitle", "none"], "none", 0),
        new("categoriesAllowed", AnswerType.Words, [], null, 0),
        new("creditsPerOutcomeMaximum", AnswerType.Number, [], null, 10_000),
        new("creditRecorded", AnswerType.Word, ["target", "source"], "target", 0),
        new("gradeRecorded", AnswerType.Word, ["exempt", "fixed90", "source"], "exempt", 0),
        new("cutting", AnswerType.Word, ["wholeCourse", "partial"], "wholeCourse", 0),
        new("withoutRule", AnswerType.Word, ["maybe", "miss"], "maybe", 0),
    ];

    public static IEnumerable<string> AllNames => Shapes.Select(shape => shape.Name);

    public static Shape ShapeOf(Question question) => Shapes[(int)question];

    public static string NameOf(Question question) => Shapes[(int)question].Name;

    public static bool TryFind(string name, out Question question)
    {
        question = (Question)Array.FindIndex(Shapes, shape => shape.Name == name);
        return question >= 0;
    }

    internal sealed record Shape(string Name, AnswerType Type, string[] Words, string? Otherwise, decimal NumberMax);
}

/// <summary>An answer: one of a number, a word, words or a span.</summary>
internal sealed record Answer(decimal? Number, string? Word, IReadOnlyList<string>? Words, CalendarSpan? Span)
{
    public string Text =>
        Word
        ?? Span?.ToString()
        ?? (Words is null ? null : string.Join(", ", Words))
        ?? Number?.ToString(System.Globalization.CultureInfo.InvariantCulture)
        ?? "";
}
