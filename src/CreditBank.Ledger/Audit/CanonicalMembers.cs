namespace CreditBank.Ledger.Audit;

/// <summary>
/// Sorts the members of the objects that <see cref="CanonicalJson"/> has open, innermost last. Members are written as
/// they come and put in order when their object closes.
/// </summary>
internal sealed class CanonicalMembers
{
    private const byte SurrogatesLead = 0xF0;
    private const byte AboveSurrogatesLead = 0xEE;

    // Kept, because a comparer would be boxed with every object that is sorted.
    private readonly Comparison<Member> byName;
    private GrowingBytes names = new(1024);
    private GrowingBytes unsorted = new(4096);
    private Member[] members = new Member[64];
    private int count;

    /// <summary>No open object.</summary>
    public CanonicalMembers() => byName = CompareNames;

    /// <summary>Where an object began, to be given back when it closes.</summary>
    public readonly record struct Scope(int Members, int Names, int Output);

    /// <summary>A name in the buffer of names, without escapes.</summary>
    public readonly record struct Name(int From, int Length);

    private readonly record struct Member(Name Name, int From, int To);

    /// <summary>Forgets every open object.</summary>
    public void Clear() => (count, names.Length) = (0, 0);

    /// <summary>Opens an object whose members will be written from that place.</summary>
    public Scope Open(int output) => new(count, names.Length, output);

    /// <summary>Keeps the name of a member that is about to be written.</summary>
    public Name AddName(ReadOnlySpan<byte> name)
    {
        var from = names.Length;
        names.Add(name);
        return new Name(from, name.Length);
    }

    /// <summary>Adds a member that was written from (inclusive) to (exclusive).</summary>
    public void Add(Name name, int from, int to)
    {
        if (count == members.Length)
        {
            Array.Resize(ref members, 2 * count);
        }

        members[count++] = new Member(name, from, to);
    }

    /// <summary>Puts the members of the innermost object in order with commas between; false if a name is there twice.</summary>
    public bool Close(Scope scope, ref GrowingBytes output)
    {
        var own = members.AsSpan(scope.Members, count - scope.Members);
        own.Sort(byName);
        unsorted.Length = 0;
        unsorted.Add(output.Written[scope.Output..]);
        output.Length = scope.Output;
        for (var i = 0; i < own.Length; i++)
        {
            if (i > 0 && CompareNames(own[i - 1], own[i]) == 0)
            {
                return false;
            }

            if (i > 0)
            {
                output.Add((byte)',');
            }

            output.Add(unsorted.Written[(own[i].From - scope.Output)..(own[i].To - scope.Output)]);
        }

        (count, names.Length) = (scope.Members, scope.Names);
        return true;
    }

    /// <summary>
    /// Compares UTF-8 as its UTF-16 would compare. Only one thing differs: what needs two units of UTF-16 (lead byte F0 and
    /// up) stands there before U+E000 to U+FFFF (lead bytes EE and EF).
    /// </summary>
    private int CompareNames(Member x, Member y)
    {
        var left = names.Written.Slice(x.Name.From, x.Name.Length);
        var right = names.Written.Slice(y.Name.From, y.Name.Length);
        var same = left.CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        var (a, b) = (left[same], right[same]);
        var isSwapped =
            a >= AboveSurrogatesLead && b >= AboveSurrogatesLead && a >= SurrogatesLead != b >= SurrogatesLead;
        return isSwapped ? b.CompareTo(a) : a.CompareTo(b);
    }
}
