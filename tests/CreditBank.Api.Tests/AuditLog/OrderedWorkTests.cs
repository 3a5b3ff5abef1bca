using System.Security.Cryptography;
using CreditBank.Verifier;

namespace CreditBank.Api.Tests.AuditLog;

/// <summary>How the verifier shares its work among processors.</summary>
public sealed class OrderedWorkTests
{
    [Fact]
    public void the_second_step_follows_the_order_of_the_series_however_long_the_first_one_takes()
    {
        var taken = new List<(int Item, int Square)>();

        new OrderedWork<int, int>(
            Enumerable.Range(0, 500),
            item =>
            {
                Busy(item % 7 == 0 ? 2_000 : 1);
                return item * item;
            },
            (item, square) => taken.Add((item, square))
        ).Run();

        Assert.Equal(Enumerable.Range(0, 500).Select(item => (item, item * item)), taken);
    }

    [Fact]
    public void a_series_of_nothing_ends_at_once() =>
        new OrderedWork<int, int>([], item => item, (_, _) => Assert.Fail("There is nothing to take.")).Run();

    [Fact]
    public void no_more_than_a_few_items_wait_for_a_slow_second_step()
    {
        var (begun, ended, most) = (0, 0, 0);

        new OrderedWork<int, int>(
            Enumerable.Range(0, 200),
            item =>
            {
                Interlocked.Increment(ref begun);
                return item;
            },
            (_, _) =>
            {
                Busy(2_000);
                most = Math.Max(most, Volatile.Read(ref begun) - ended++);
            }
        ).Run();

        Assert.InRange(most, 1, 6 * Environment.ProcessorCount + 1);
    }

    private static void Busy(int rounds)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        for (var round = 0; round < rounds; round++)
        {
            SHA256.HashData(hash, hash);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void a_failure_of_either_step_ends_the_work_and_comes_out(bool isFirst)
    {
        int Fail(int item) => item == 40 ? throw new InvalidDataException("at 40") : item;
        var last = -1;
        var work = new OrderedWork<int, int>(
            Enumerable.Range(0, 100_000),
            item => isFirst ? Fail(item) : item,
            (item, _) => last = isFirst ? item : Fail(item)
        );

        Assert.Equal("at 40", Assert.Throws<InvalidDataException>(work.Run).Message);
        // What another thread had begun before a first step failed may or may not be taken; nothing behind it is.
        Assert.InRange(last, isFirst ? -1 : 39, 39);
    }

    [Fact]
    public void a_series_that_breaks_off_ends_the_work_and_comes_out()
    {
        static IEnumerable<int> Breaking()
        {
            yield return 1;
            throw new IOException("gone");
        }

        var work = new OrderedWork<int, int>(Breaking(), item => item, (_, _) => { });

        Assert.Equal("gone", Assert.Throws<IOException>(work.Run).Message);
    }
}
