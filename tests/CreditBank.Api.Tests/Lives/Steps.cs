using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace CreditBank.Api.Tests.Lives;

/// <summary>One command of a generated life.</summary>
/// <param name="Number">Its place when the life was made; what it creates is named by it, also after shrinking.</param>
/// <param name="Seed">Chooses the command and everything in it.</param>
/// <param name="Mood">Of the whole life: which commands are frequent in it, and which rare.</param>
public readonly record struct Step(int Number, int Seed, int Mood = 0);

/// <summary>The commands of a generated life, in order.</summary>
public sealed record Steps(IReadOnlyList<Step> All)
{
    /// <summary>Other commands of the same length: how the life goes on.</summary>
    /// <param name="times">Which going on it is; each is another one.</param>
    public Steps Onward(int times) =>
        new([
            .. All.Take(30)
                .Select(step =>
                    step with
                    {
                        Number = step.Number + 100 * times,
                        Seed = unchecked(step.Seed * 31 + 7 * times),
                    }
                ),
        ]);

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(' ', All.Select(step => $"{step.Number}:{step.Seed}").Prepend($"mood {Mood}"));

    private int Mood => All.Count > 0 ? All[0].Mood : 0;
}

/// <summary>Makes lives of sensible length, and shorter ones of a life that shows a fault.</summary>
public static class LifeGenerator
{
    private const int LengthMax = 60;

    /// <summary>The steps of a life. Every seed is drawn from all integers, whatever the size.</summary>
    public static Arbitrary<Steps> Steps() => Arb.From(Lives, Shorter);

    private static Gen<Steps> Lives =>
        from length in Gen.Frequency([(1, Gen.Choose(1, 15)), (4, Gen.Choose(25, LengthMax))])
        from mood in Gen.Choose(0, 10_000)
        from high in Gen.Choose(0, ushort.MaxValue).ArrayOf(length)
        from low in Gen.Choose(0, ushort.MaxValue).ArrayOf(length)
        select new Steps([
            .. high.Zip(low).Select((halves, place) => new Step(place + 1, (halves.First << 16) | halves.Second, mood)),
        ]);

    /// <summary>Without a half, a quarter ... a single command.</summary>
    private static IEnumerable<Steps> Shorter(Steps steps)
    {
        for (var size = steps.All.Count / 2; size > 0; size /= 2)
        {
            for (var from = steps.All.Count - size; from >= 0; from -= size)
            {
                yield return new Steps([.. steps.All.Take(from), .. steps.All.Skip(from + size)]);
            }
        }
    }
}

/// <summary>
/// A law of generated lives. A short run is part of the suite; <c>CREDITBANK_LIVES</c> asks for so many lives of each
/// law, and <c>CREDITBANK_LIFE</c> repeats what a failing run printed.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LivesAttribute : PropertyAttribute
{
    /// <summary>A law.</summary>
    /// <param name="lives">How many lives the suite tries.</param>
    public LivesAttribute(int lives)
    {
        MaxTest = CountOf(lives);
        Arbitrary = [typeof(LifeGenerator)];
        QuietOnSuccess = true;
        if (Environment.GetEnvironmentVariable("CREDITBANK_LIFE") is { Length: > 0 } seed)
        {
            Replay = seed;
        }
    }

    private static int CountOf(int lives) =>
        int.TryParse(Environment.GetEnvironmentVariable("CREDITBANK_LIVES"), out var asked) ? asked : lives;
}

/// <summary>
/// What chance decides within a step. Each question has its own answer, whatever was asked before, so that a command
/// stays the same when others are left out.
/// </summary>
internal sealed class Lot(int seed)
{
    /// <summary>From 0 to below a number.</summary>
    public int Draw(string what, int below) => (int)(Hash(what) % (ulong)below);

    /// <summary>Once in so many times.</summary>
    public bool OneIn(int many, string what) => Draw(what, many) == 0;

    /// <summary>One of these; stays the same when others come or go.</summary>
    public T Of<T>(string what, IEnumerable<T> from, Func<T, string> name) =>
        from.MinBy(one => Hash($"{what}/{name(one)}"))!;

    /// <summary>One of these names.</summary>
    public string Of(string what, IEnumerable<string> from) => Of(what, from, name => name);

    /// <summary>All of these, those of more weight more often at the front.</summary>
    public IEnumerable<T> Ranked<T>(string what, IEnumerable<T> from, Func<T, string> name, Func<T, int> weight) =>
        from.OrderBy(one => -Math.Log((Hash($"{what}/{name(one)}") >> 11) / (double)(1UL << 53) + 1e-12) / weight(one));

    private ulong Hash(string text)
    {
        unchecked
        {
            var hash = 14695981039346656037UL ^ (uint)seed;
            foreach (var letter in text)
            {
                hash = (hash ^ letter) * 1099511628211UL;
            }

            hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
            hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
            return hash ^ (hash >> 31);
        }
    }
}
