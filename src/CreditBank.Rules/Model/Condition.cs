using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Rules;

/// <summary>The value of a fact: a text, or a number (dates as yyyymmdd); nothing when unknown.</summary>
internal readonly record struct FactValue(string? Text, decimal? Number)
{
    public static FactValue Unknown => default;

    public bool IsKnown => Text is not null || Number is not null;

    public static FactValue Of(string? text) => new(text, null);

    public static FactValue Of(decimal? number) => new(null, number);

    public static FactValue Of(Credits? amount) => new(null, amount?.Value);

    public static FactValue Of(LocalDate? on) => new(null, on is { } day ? DayNumber(day) : null);

    public static FactValue Of(bool flag) => new(flag ? "true" : "false", null);

    public static decimal DayNumber(LocalDate on) => on.Year * 10_000 + on.Month * 100 + on.Day;
}

/// <summary>Answers what a fact is, in the situation under judgement.</summary>
internal interface IFacts
{
    FactValue this[FactField field] { get; }

    /// <summary>The text alone, for the many conditions that ask for nothing else.</summary>
    string? Text(FactField field);

    /// <summary>The number or day alone.</summary>
    decimal? Number(FactField field);
}

/// <summary>
/// A condition of a clause. An unknown fact satisfies no matcher except <c>present: false</c>: what nobody knows never
/// grants and never refuses.
/// </summary>
internal abstract class Condition
{
    public static readonly Condition Always = new AllOf([]);

    public abstract bool Holds(IFacts facts);

    /// <summary>The facts it asks for, for traces and for static checks.</summary>
    public abstract IEnumerable<FactField> Fields { get; }

    /// <summary>Whether both can never hold together, as far as single facts show it.</summary>
    public static bool Exclude(Condition left, Condition right)
    {
        if (left is AnyOf leftAny)
            return leftAny.Conditions.All(branch => Exclude(branch, right));
        if (right is AnyOf rightAny)
            return rightAny.Conditions.All(branch => Exclude(left, branch));
        if (left is AllOf leftAll)
            return leftAll.Conditions.Any(part => Exclude(part, right));
        if (right is AllOf rightAll)
            return rightAll.Conditions.Any(part => Exclude(left, part));
        return left is FactCondition one
            && right is FactCondition other
            && one.Field == other.Field
            && one.Matcher.Excludes(other.Matcher);
    }

    internal sealed class AllOf(Condition[] conditions) : Condition
    {
        public Condition[] Conditions => conditions;

        public override IEnumerable<FactField> Fields => conditions.SelectMany(condition => condition.Fields);

        public override bool Holds(IFacts facts)
        {
            foreach (var condition in conditions)
            {
                if (!condition.Holds(facts))
                    return false;
            }

            return true;
        }
    }

    internal sealed class AnyOf(Condition[] conditions) : Condition
    {
        public Condition[] Conditions => conditions;

        public override IEnumerable<FactField> Fields => conditions.SelectMany(condition => condition.Fields);

        public override bool Holds(IFacts facts)
        {
            foreach (var condition in conditions)
            {
                if (condition.Holds(facts))
                    return true;
            }

            return false;
        }
    }

    internal sealed class FactCondition(FactField fact, Matcher matcher) : Condition
    {
        private readonly Matcher.OneOf? texts = matcher as Matcher.OneOf;
        private readonly Matcher.Range? range = matcher as Matcher.Range;

        public FactField Field => fact;

        public Matcher Matcher => matcher;

        public override IEnumerable<FactField> Fields => [fact];

        public override bool Holds(IFacts facts) =>
            texts is not null ? texts.Matches(facts.Text(fact))
            : range is not null ? range.Matches(facts.Number(fact))
            : matcher.Matches(facts[fact]);
    }
}

/// <summary>What one fact must be.</summary>
internal abstract class Matcher
{
    public abstract bool Matches(in FactValue value);

    public abstract bool Excludes(Matcher other);

    /// <summary>The fact is one of these texts.</summary>
    internal sealed class OneOf(string[] texts) : Matcher
    {
        public string[] Texts => texts;

        public override bool Matches(in FactValue value) => Matches(value.Text);

        public bool Matches(string? text)
        {
            foreach (var one in texts)
            {
                if (string.Equals(one, text))
                    return true;
            }

            return false;
        }

        public override bool Excludes(Matcher other) =>
            other switch
            {
                Absent => true,
                OneOf same => !texts.Intersect(same.Texts, StringComparer.Ordinal).Any(),
                NoneOf not => texts.All(text => Array.IndexOf(not.Texts, text) >= 0),
                Containing part => texts.All(text => !part.Matches(FactValue.Of(text))),
                _ => false,
            };
    }

    /// <summary>The fact is known and none of these texts.</summary>
    internal sealed class NoneOf(string[] texts) : Matcher
    {
        public string[] Texts => texts;

        public override bool Matches(in FactValue value) => value.Text is { } text && Array.IndexOf(texts, text) < 0;

        public override bool Excludes(Matcher other) => other is Absent || (other is OneOf one && one.Excludes(this));
    }

    /// <summary>The text contains one of these.</summary>
    internal sealed class Containing(string[] parts) : Matcher
    {
        public override bool Matches(in FactValue value)
        {
            if (value.Text is not { } text)
                return false;
            foreach (var part in parts)
            {
                if (text.Contains(part, StringComparison.Ordinal))
                    return true;
            }

            return false;
        }

        public override bool Excludes(Matcher other) => other is Absent || (other is OneOf one && one.Excludes(this));
    }

    /// <summary>The number or day lies between; the ends are inside unless they are said to be open.</summary>
    internal sealed class Range(decimal? min, bool minOpen, decimal? max, bool maxOpen) : Matcher
    {
        public decimal? Min => min;

        public decimal? Max => max;

        public bool IsEmpty =>
            min is { } low && max is { } high && (low > high || (low == high && (minOpen || maxOpen)));

        public override bool Matches(in FactValue value) => Matches(value.Number);

        public bool Matches(decimal? value)
        {
            if (value is not { } number)
                return false;
            if (min is { } low && (minOpen ? number <= low : number < low))
                return false;
            return max is not { } high || (maxOpen ? number < high : number <= high);
        }

        public override bool Excludes(Matcher other) =>
            other is Absent || (other is Range range && (EndsBefore(range) || range.EndsBefore(this)));

        private bool EndsBefore(Range other) =>
            max is { } end && other.Min is { } begin && (end < begin || (end == begin && (maxOpen || other.MinOpen)));

        private bool MinOpen => minOpen;
    }

    /// <summary>The fact is known.</summary>
    internal sealed class Present : Matcher
    {
        public override bool Matches(in FactValue value) => value.IsKnown;

        public override bool Excludes(Matcher other) => other is Absent;
    }

    /// <summary>The fact is unknown.</summary>
    internal sealed class Absent : Matcher
    {
        public override bool Matches(in FactValue value) => !value.IsKnown;

        public override bool Excludes(Matcher other) => other is not Absent;
    }
}
