using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck.Xunit;

namespace CreditBank.Kernel.Tests;

public sealed class CreditsTests
{
    [Theory]
    [InlineData("3", "3")]
    [InlineData("3.0", "3")]
    [InlineData("3.0000", "3")]
    [InlineData("3.00000000000000000000", "3")]
    [InlineData("0003.50", "3.5")]
    [InlineData("-0", "0")]
    [InlineData("-0.0000", "0")]
    [InlineData("+2.25", "2.25")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("-0.0001", "-0.0001")]
    [InlineData("100", "100")]
    [InlineData("99999999999", "99999999999")]
    [InlineData("99999999998.9999", "99999999998.9999")]
    [InlineData("-99999999999.0", "-99999999999")]
    public void equal_amounts_have_equal_value_hash_and_text(string text, string canonical)
    {
        var credits = Credits.Parse(text);
        var other = Credits.Parse(canonical);
        Assert.Equal(other, credits);
        Assert.True(credits == other);
        Assert.Equal(0, credits.CompareTo(other));
        Assert.Equal(other.GetHashCode(), credits.GetHashCode());
        Assert.Equal(canonical, credits.ToString());
        Assert.Equal(canonical, JsonSerializer.Serialize(credits));
    }

    [Theory]
    [InlineData("0.00001")]
    [InlineData("3.00001")]
    [InlineData("1.00000000000000000000000000000000000001")] // would round to 1
    [InlineData("0.00000000000000000000000000000000000001")] // would round to 0
    [InlineData("99999999999.0001")]
    [InlineData("100000000000")]
    [InlineData("-100000000000")]
    [InlineData("79228162514264337593543950336")]
    [InlineData("1e2")]
    [InlineData("1,000")]
    [InlineData("1_000")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("(1)")]
    [InlineData("¤1")]
    [InlineData("0x10")]
    [InlineData("３")]
    [InlineData("NaN")]
    [InlineData("1.2.3")]
    [InlineData("--1")]
    [InlineData("")]
    [InlineData(null)]
    public void what_is_no_exact_amount_is_not_read(string? text)
    {
        Assert.False(Credits.TryParse(text, CultureInfo.InvariantCulture, out var credits));
        Assert.Equal(Credits.Zero, credits);
        Assert.Throws<FormatException>(() => Credits.Parse(text!));
    }

    [Theory]
    [InlineData("3", "3")]
    [InlineData("3.50", "3.5")]
    [InlineData("-0", "0")]
    [InlineData("-0.0", "0")]
    [InlineData("1e2", "100")]
    [InlineData("15E-1", "1.5")]
    [InlineData("0e-99", "0")]
    [InlineData("1.0000", "1")]
    public void a_json_number_is_read_exactly(string json, string canonical)
    {
        Assert.Equal(Credits.Parse(canonical), JsonSerializer.Deserialize<Credits>(json));
        Assert.Equal(canonical, JsonSerializer.Serialize(JsonSerializer.Deserialize<Credits>(json)));
    }

    [Theory]
    [InlineData("\"3\"")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("0.00001")]
    [InlineData("1e-5")]
    [InlineData("1e-40")]
    [InlineData("1E+11")]
    [InlineData("1e999999999999")]
    [InlineData("1.00000000000000000000000000000000000001")]
    [InlineData("-0.00000000000000000000000000000000000001")]
    [InlineData("100000000000")]
    public void json_that_is_no_exact_amount_is_an_error(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Credits>(json));

    [Theory]
    [InlineData("[12.25]", true)]
    [InlineData("[1e-40]", false)]
    public void a_number_split_between_two_buffers_is_read_like_any_other(string json, bool isAmount)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var second = new Segment(bytes.AsMemory(3), null, 3);
        var buffers = new ReadOnlySequence<byte>(
            new Segment(bytes.AsMemory(0, 3), second, 0),
            0,
            second,
            bytes.Length - 3
        );
        Credits[]? Read()
        {
            var reader = new Utf8JsonReader(buffers);
            return JsonSerializer.Deserialize<Credits[]>(ref reader);
        }

        if (isAmount)
        {
            Assert.Equal("12.25", Assert.Single(Read()!).ToString());
        }
        else
        {
            Assert.Throws<JsonException>(Read);
        }
    }

    [Fact]
    public void the_constructor_takes_only_what_is_exact()
    {
        Assert.Equal("0.0001", new Credits(0.0001m).ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => new Credits(0.00001m));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Credits(Credits.MagnitudeMax + 0.0001m));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Credits(decimal.MinValue));
    }

    [Theory]
    [InlineData("1.00005", "1.0001")]
    [InlineData("-1.00005", "-1.0001")]
    [InlineData("1.00004999", "1")]
    [InlineData("0.00005", "0.0001")]
    public void rounding_takes_halves_away_from_zero(string exact, string rounded) =>
        Assert.Equal(rounded, Credits.Rounded(decimal.Parse(exact, CultureInfo.InvariantCulture)).ToString());

    [Fact]
    public void a_sum_beyond_the_limit_is_an_error_and_never_wraps()
    {
        var max = new Credits(Credits.MagnitudeMax);
        Assert.Throws<ArgumentOutOfRangeException>(() => max + Credits.Parse("0.0001"));
        Assert.Throws<ArgumentOutOfRangeException>(() => -max - Credits.Parse("0.0001"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new[] { max, max }.Sum());
        Assert.Equal(Credits.Zero, Array.Empty<Credits>().Sum());
    }

    [Property]
    public bool addition_is_exact_and_undone_by_subtraction(int left, int right)
    {
        var (a, b) = (TenThousandths(left), TenThousandths(right));
        return (a + b).Value == a.Value + b.Value
            && a + b == b + a
            && a + b - b == a
            && -(-a) == a
            && new[] { a, b, a }.Sum(amount => amount) == a + b + a;
    }

    [Property]
    public bool text_and_json_round_trip(long tenThousandths)
    {
        var credits = TenThousandths(tenThousandths % 999_999_999_999_999);
        var text = credits.ToString();
        return Credits.Parse(text) == credits
            && Credits.Parse(text).ToString() == text
            && JsonSerializer.Serialize(credits) == text
            && JsonSerializer.Deserialize<Credits>(text) == credits
            && decimal.Parse(text, CultureInfo.InvariantCulture) == credits.Value;
    }

    [Property]
    public bool order_is_that_of_the_values(int left, int right)
    {
        var (a, b) = (TenThousandths(left), TenThousandths(right));
        return a < b == left < right
            && a <= b == left <= right
            && a > b == left > right
            && a >= b == left >= right
            && Credits.Min(a, b).Value == Math.Min(a.Value, b.Value)
            && Credits.Max(a, b).Value == Math.Max(a.Value, b.Value)
            && a.IsPositive == left > 0
            && a.IsNegative == left < 0
            && a.IsZero == (left == 0);
    }

    private static Credits TenThousandths(long amount) => new(amount / 10_000m);

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? next, long runningIndex) =>
            (Memory, Next, RunningIndex) = (memory, next, runningIndex);
    }
}
