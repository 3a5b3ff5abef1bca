using System.Diagnostics;

namespace CreditBank.Ledger.Audit;

/// <summary>
/// Sorts the members of the objects that <see cref="CanonicalJson"/> has open, innermost last. Members are written as
/// they come, with commas between, and put in order when their object closes, if they are not already.
/// </summary>
internal sealed class CanonicalMembers
{
    private const int PrefixBytes = sizeof(ulong);
    private const int InsertionMax = 32;

    // Kept, because a comparer would be boxed with every object that is sorted.
    private readonly Comparison<Member> byName;
    private GrowingBytes names = new(1024);
    private GrowingBytes unsorted = new(4096);
    private Member[] members = new Member[64];
    private int count;

    /// <summary>No open object.</summary>
    public CanonicalMembers() => byName = Compare;

    /// <summary>Where an object began, to be given back when it closes.</summary>
    public readonly record struct Scope(int Members, int Names, int Output);

    /// <summary>
    /// A name in the buffer of names, without escapes, and its first bytes in an order that numbers have.
    /// </summary>
    public readonly record struct Name(ulong Prefix, int From, int Length);

    private readonly record struct Member(Name Name, int From, int To);

    /// <summary>Forgets every open object.</summary>
    public void Clear() => (count, names.Length) = (0, 0);

    /// <summary>Opens an object whose members will be written from that place.</summary>
    public Scope Open(int output) => new(count, names.Length, output);

    /// <summary>Keeps the name of a member that is about to be written.</summary>
    public Name AddName(ReadOnlySpan<byte> name)
    {
        var prefix = 0UL;
        for (var i = 0; i < PrefixBytes; i++)
        {
            prefix = (prefix << 8) | (i < name.Length ? Rank(name[i]) : (byte)0);
        }

        var from = names.Length;
        names.Add(name);
        return new Name(prefix, from, name.Length);
    }

    /// <summary>Adds a member that was written from (inclusive) to (exclusive), its comma not included.</summary>
    public void Add(Name name, int from, int to)
    {
        if (count == members.Length)
        {
            Array.Resize(ref members, 2 * count);
        }

        members[count++] = new Member(name, from, to);
    }

    /// <summary>Puts the members of the innermost object in order; false if a name is there twice.</summary>
    public bool Close(Scope scope, ref GrowingBytes output)
    {
        var own = members.AsSpan(scope.Members, count - scope.Members);
        var isSorted = Sort(own);
        for (var i = 1; i < own.Length; i++)
        {
            if (Compare(own[i - 1], own[i]) == 0)
            {
                return false;
            }
        }

        if (!isSorted)
        {
            Rearrange(own, scope.Output, ref output);
        }

        (count, names.Length) = (scope.Members, scope.Names);
        return true;
    }

    private void Rearrange(ReadOnlySpan<Member> sorted, int start, ref GrowingBytes output)
    {
        unsorted.Length = 0;
        unsorted.Add(output.Written[start..]);
        var lengthBefore = output.Length;
        output.Length = start;
        var isFirst = true;
        foreach (ref readonly var member in sorted)
        {
            if (!isFirst)
            {
                output.Add((byte)',');
            }

            isFirst = false;
            output.Add(unsorted.Written[(member.From - start)..(member.To - start)]);
        }

        Debug.Assert(output.Length == lengthBefore, "Sorting loses nothing.");
    }

    /// <summary>
    /// Sorts, and says whether nothing had to move. Few members are the rule, and a plain insertion is fastest.
    /// </summary>
    private bool Sort(Span<Member> own)
    {
        var isSorted = true;
        if (own.Length > InsertionMax)
        {
            own.Sort(byName);
            return false;
        }

        for (var i = 1; i < own.Length; i++)
        {
            var (member, to) = (own[i], i);
            while (to > 0 && Compare(own[to - 1], member) > 0)
            {
                own[to] = own[to - 1];
                to--;
            }

            own[to] = member;
            isSorted &= to == i;
        }

        return isSorted;
    }

    private int Compare(Member x, Member y) =>
        x.Name.Prefix != y.Name.Prefix ? x.Name.Prefix.CompareTo(y.Name.Prefix) : CompareWhole(x.Name, y.Name);

    private int CompareWhole(Name x, Name y)
    {
        var left = names.Written.Slice(x.From, x.Length);
        var right = names.Written.Slice(y.From, y.Length);
        var same = left.CommonPrefixLength(right);
        return same == left.Length || same == right.Length
            ? left.Length.CompareTo(right.Length)
            : Rank(left[same]).CompareTo(Rank(right[same]));
    }

    /// <summary>
    /// A byte of UTF-8 such that bytes compare as their UTF-16 would. Only one thing differs: what needs two units of
    /// UTF-16 (lead bytes F0 to F4) stands there before U+E000 to U+FFFF (lead bytes EE and EF).
    /// </summary>
    private static byte Rank(byte value) =>
        value switch
        {
            < 0xEE => value,
            < 0xF0 => (byte)(value + 5),
            _ => (byte)(value - 2),
        };
}
