using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CreditBank.Kernel;

/// <summary>
/// An exact amount of credit, points or hours: at most four decimals, from -<see cref="MagnitudeMax"/> to
/// <see cref="MagnitudeMax"/> (inclusive). Two amounts are equal when their values are: 3 equals 3.0.
/// The unit stands beside it, never inside. Over HTTP a JSON number; in events the canonical string of
/// <see cref="ToString()"/>.
/// </summary>
[JsonConverter(typeof(CreditsJsonConverter))]
public readonly record struct Credits : IComparable<Credits>, ISpanParsable<Credits>
{
    /// <summary>The most decimals an amount can carry.</summary>
    public const int DecimalsMax = 4;

    /// <summary>
    /// The largest magnitude, inclusive: eleven digits hold the sum over a whole city, and with four decimals they make
    /// the fifteen digits that every JSON reader keeps exactly. What one record may carry is far less, and not said
    /// here.
    /// </summary>
    public const decimal MagnitudeMax = 99_999_999_999m;

    /// <summary>
    /// The longest text that is read, in characters. It keeps the parser from rounding what it cannot hold.
    /// </summary>
    public const int TextLengthMax = 24;

    /// <summary>No credit at all.</summary>
    public static readonly Credits Zero;

    private readonly decimal value;

    /// <summary>An amount from an exact decimal.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than four decimals, or beyond the magnitude.</exception>
    public Credits(decimal value)
    {
        if (!IsRepresentable(value))
        {
            throw new ArgumentOutOfRangeException(
                nameof(value),
                value,
                "Credits have at most four decimals and eleven digits before them."
            );
        }

        // Dividing by this constant drops trailing zeros, so that equal amounts have equal text; zero loses its sign.
        // Most amounts have nothing to drop, and the division is by far the dearest step.
        this.value =
            value == 0 ? 0
            : HasTrailingZeros(value) ? value / 1.0000000000000000000000000000m
            : value;
    }

    /// <summary>The amount as an exact decimal without trailing zeros.</summary>
    public decimal Value => value;

    /// <summary>Whether this is exactly nothing.</summary>
    public bool IsZero => value == 0;

    /// <summary>Whether this is more than nothing.</summary>
    public bool IsPositive => value > 0;

    /// <summary>Whether this is less than nothing.</summary>
    public bool IsNegative => value < 0;

    /// <summary>Whether a decimal can be an amount: at most four decimals and within the magnitude.</summary>
    public static bool IsRepresentable(decimal value) =>
        Math.Abs(value) <= MagnitudeMax && (value.Scale <= DecimalsMax || decimal.Round(value, DecimalsMax) == value);

    /// <summary>Rounds an exact result to what an amount can carry: four decimals, halves away from zero.</summary>
    public static Credits Rounded(decimal value) =>
        new(decimal.Round(value, DecimalsMax, MidpointRounding.AwayFromZero));

    /// <summary>The smaller of two amounts.</summary>
    public static Credits Min(Credits left, Credits right) => left <= right ? left : right;

    /// <summary>The larger of two amounts.</summary>
    public static Credits Max(Credits left, Credits right) => left >= right ? left : right;

    /// <summary>
    /// Reads the canonical text, and any plain decimal of at most 24 characters with at most four decimals, zeros at
    /// its end not counted. Nothing is rounded, and there is no exponent.
    /// </summary>
    /// <exception cref="FormatException">The text is not such a number.</exception>
    public static Credits Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var credits)
            ? credits
            : throw new FormatException($"'{s}' is not an amount with at most four decimals.");

    /// <inheritdoc/>
    public static Credits Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var credits)
            ? credits
            : throw new FormatException($"'{s}' is not an amount with at most four decimals.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Credits result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Credits result)
    {
        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        var number = 0m;
        var isRead =
            s.Length <= TextLengthMax
            && decimal.TryParse(s, Plain, CultureInfo.InvariantCulture, out number)
            && IsRepresentable(number);
        result = isRead ? new Credits(number) : Zero;
        return isRead;
    }

    /// <summary>Whether the text of the number would end in a zero behind the point.</summary>
    private static bool HasTrailingZeros(decimal value)
    {
        if (value.Scale == 0)
            return false;
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        // The parts are bits, not numbers: a set top bit is no overflow.
        var digits = unchecked(((UInt128)(uint)parts[2] << 64) | ((ulong)(uint)parts[1] << 32) | (uint)parts[0]);
        return digits % 10 == 0;
    }

    /// <inheritdoc/>
    public int CompareTo(Credits other) => value.CompareTo(other.value);

    /// <summary>
    /// The canonical text: invariant, no exponent, no trailing zeros, no plus sign ("3.5", "0", "-2").
    /// </summary>
    public override string ToString() =>
        value.Scale == 0
            ? ((long)value).ToString(CultureInfo.InvariantCulture)
            : value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The exact sum.</summary>
    public static Credits operator +(Credits left, Credits right) => new(left.value + right.value);

    /// <summary>The exact difference.</summary>
    public static Credits operator -(Credits left, Credits right) => new(left.value - right.value);

    /// <summary>The amount with the other sign.</summary>
    public static Credits operator -(Credits credits) => new(-credits.value);

    /// <summary>Whether the left amount is smaller.</summary>
    public static bool operator <(Credits left, Credits right) => left.value < right.value;

    /// <summary>Whether the left amount is larger.</summary>
    public static bool operator >(Credits left, Credits right) => left.value > right.value;

    /// <summary>Whether the left amount is smaller or equal.</summary>
    public static bool operator <=(Credits left, Credits right) => left.value <= right.value;

    /// <summary>Whether the left amount is larger or equal.</summary>
    public static bool operator >=(Credits left, Credits right) => left.value >= right.value;
}

/// <summary>Adds up amounts.</summary>
public static class CreditsSum
{
    /// <summary>The exact sum; zero of nothing.</summary>
    public static Credits Sum(this IEnumerable<Credits> amounts) => new(amounts.Sum(amount => amount.Value));

    /// <summary>The exact sum of what is selected; zero of nothing.</summary>
    public static Credits Sum<T>(this IEnumerable<T> items, Func<T, Credits> amount) =>
        new(items.Sum(item => amount(item).Value));
}

/// <summary>Writes amounts as JSON numbers and reads numbers; what is not an exact amount is a JSON error.</summary>
public sealed class CreditsJsonConverter : JsonConverter<Credits>
{
    /// <inheritdoc/>
    public override Credits Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (
            reader.TokenType == JsonTokenType.Number
            && reader.TryGetDecimal(out var number)
            && Credits.IsRepresentable(number)
            && !IsRounded(ref reader, number)
        )
        {
            return new Credits(number);
        }

        throw new JsonException("An amount is a JSON number with at most four decimals and eleven digits before them.");
    }

    /// <summary>
    /// Whether the reader had to round. Of so few characters it rounds only what lies far below a fourth decimal, and
    /// then an amount can come of it only as zero.
    /// </summary>
    private static bool IsRounded(ref Utf8JsonReader reader, decimal number)
    {
        Span<byte> text = stackalloc byte[Credits.TextLengthMax];
        var length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (length > text.Length)
        {
            return true;
        }

        if (reader.HasValueSequence)
        {
            reader.ValueSequence.CopyTo(text);
        }
        else
        {
            reader.ValueSpan.CopyTo(text);
        }

        text = text[..(int)length];
        var exponent = text.IndexOfAny((byte)'e', (byte)'E');
        var digits = exponent < 0 ? text : text[..exponent];
        return number == 0 && digits.ContainsAnyInRange((byte)'1', (byte)'9');
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Credits value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Value);
}
