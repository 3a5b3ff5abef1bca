using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Rules;

/// <summary>
/// A clause: it decides one question, or it refuses. A clause may be the exception to another one; where both hold, the
/// exception decides. Two clauses that could both decide the same question are refused at load.
/// </summary>
internal sealed class Clause
{
    public required string Id { get; init; }

    public required Position At { get; init; }

    public required BilingualText Title { get; init; }

    public required IReadOnlyList<string> Cites { get; init; }

    public required Condition When { get; init; }

    /// <summary>The clause it is an exception to, by id.</summary>
    public string? ExceptionTo { get; init; }

    /// <summary>What it decides; none when it refuses or lifts a refusal.</summary>
    public Question? Decides { get; init; }

    /// <summary>The answers by period; periods do not overlap.</summary>
    public IReadOnlyList<DatedAnswer> Answers { get; init; } = [];

    /// <summary>Which day picks the dated answer.</summary>
    public DateBasis By { get; init; }

    /// <summary>The code with which it refuses; none when it decides or lifts a refusal.</summary>
    public string? RefuseCode { get; init; }

    /// <summary>Maybe or miss, when it refuses.</summary>
    public LineResult RefuseResult { get; init; }

    public BilingualText? Text { get; init; }

    public BilingualText? Next { get; init; }

    /// <summary>The exceptions to it, in the order of their ids.</summary>
    public Clause[] Exceptions { get; set; } = [];

    public bool NeedsTarget { get; init; }

    /// <summary>
    /// What is said of an outcome that this clause refuses; made once, because it depends on nothing else.
    /// </summary>
    public OutcomeRefusal? Refusing { get; set; }

    /// <summary>What is said of an outcome that this clause does not refuse.</summary>
    public OutcomeRefusal? Passing { get; set; }

    public Answer? AnswerOn(LocalDate on)
    {
        foreach (var dated in Answers)
        {
            if (dated.Period.Contains(on))
                return dated.Answer;
        }

        return null;
    }

    /// <summary>Whether some day has answers of both, or either does not answer by date.</summary>
    public bool OverlapsInTime(Clause other) =>
        By != other.By
        || Answers.Count == 0
        || other.Answers.Count == 0
        || Answers.Any(mine => other.Answers.Any(theirs => mine.Period.Overlaps(theirs.Period)));
}

/// <summary>An answer and the days on which it holds, half open.</summary>
internal sealed record DatedAnswer(Period Period, Answer Answer);

/// <summary>The day by which a dated value is picked.</summary>
internal enum DateBasis
{
    Applied,
    Completed,
    Enrolled,
    Decided,
}

/// <summary>The decision of a question: the answer and the clause that gave it (none: the default).</summary>
internal readonly record struct Decided(Answer? Answer, Clause? Clause, string? Otherwise)
{
    public string Word => Answer?.Word ?? Otherwise ?? "";

    public decimal? Number => Answer?.Number;
}

/// <summary>All clauses of a rule set, arranged by what they decide.</summary>
internal sealed class ClauseBook
{
    private readonly Clause[][] deciding = new Clause[(int)Question.Count][];
    private readonly Dictionary<string, Clause> byId;

    public ClauseBook(IReadOnlyList<Clause> clauses)
    {
        All = [.. clauses.OrderBy(clause => clause.Id, StringComparer.Ordinal)];
        byId = new Dictionary<string, Clause>(StringComparer.Ordinal);
        foreach (var clause in All)
            byId.TryAdd(clause.Id, clause);
        var bases = All.Where(clause => clause.ExceptionTo is null).ToList();
        for (var question = 0; question < deciding.Length; question++)
            deciding[question] = [.. bases.Where(clause => clause.Decides == (Question)question)];
        RefusingOutcomes = [.. bases.Where(clause => clause is { RefuseCode: not null, NeedsTarget: false })];
        var asked = RefusingOutcomes.SelectMany(AllFields).ToHashSet();
        RefusalsAskForWorth = asked.Contains(FactField.OutcomeCredits) || asked.Contains(FactField.OutcomeUnit);
        RefusalsAskForLevel = asked.Contains(FactField.OutcomeLevel);
        RefusingTargets = [.. bases.Where(clause => clause is { RefuseCode: not null, NeedsTarget: true })];
    }

    public Clause[] All { get; }

    public Clause[] RefusingOutcomes { get; }

    public Clause[] RefusingTargets { get; }

    /// <summary>Whether any of <see cref="RefusingOutcomes"/> asks for the unit or the standard credit.</summary>
    public bool RefusalsAskForWorth { get; }

    /// <summary>Whether any of <see cref="RefusingOutcomes"/> asks for the level.</summary>
    public bool RefusalsAskForLevel { get; }

    /// <summary>Whether any clause decides the question.</summary>
    public bool Asks(Question question) => deciding[(int)question].Length > 0;

    public Clause? Find(string id) => byId.GetValueOrDefault(id);

    public Decided Decide(Question question, SituationFacts facts)
    {
        foreach (var clause in deciding[(int)question])
        {
            if (Deepest(clause, facts) is var (decisive, answer))
                return new Decided(answer, decisive, null);
        }

        return new Decided(null, null, Questions.ShapeOf(question).Otherwise);
    }

    /// <summary>The clause that refuses, after its exceptions; none when it does not hold or is lifted.</summary>
    public static Clause? Refusal(Clause clause, IFacts facts)
    {
        if (!clause.When.Holds(facts))
            return null;
        foreach (var exception in clause.Exceptions)
        {
            if (exception.When.Holds(facts))
                return exception.RefuseCode is null && exception.Exceptions.Length == 0
                    ? null
                    : Refusal(exception, facts);
        }

        return clause.RefuseCode is null ? null : clause;
    }

    private static IEnumerable<FactField> AllFields(Clause clause) =>
        clause.When.Fields.Concat(clause.Exceptions.SelectMany(AllFields));

    private static (Clause Decisive, Answer Answer)? Deepest(Clause clause, SituationFacts facts)
    {
        if (!clause.When.Holds(facts) || clause.AnswerOn(facts.DayBy(clause.By)) is not { } answer)
            return null;
        foreach (var exception in clause.Exceptions)
        {
            if (Deepest(exception, facts) is { } deeper)
                return deeper;
        }

        return (clause, answer);
    }
}
