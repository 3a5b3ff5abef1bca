using NodaTime;

namespace CreditBank.Kernel;

/// <summary>
/// A span of calendar days (Asia/Shanghai), half open: <see cref="FromOn"/> is inside, <see cref="ToOn"/> is not.
/// A missing end is open.
/// </summary>
/// <param name="FromOn">The first day inside; none means since ever.</param>
/// <param name="ToOn">The first day after; none means for ever.</param>
public sealed record Period(LocalDate? FromOn, LocalDate? ToOn)
{
    /// <summary>All days.</summary>
    public static readonly Period Always = new(null, null);

    /// <summary>Whether no day can be inside.</summary>
    public bool IsEmpty => FromOn is { } from && ToOn is { } to && to <= from;

    /// <summary>Whether the day is inside: from inclusive, to exclusive.</summary>
    public bool Contains(LocalDate on) => (FromOn is not { } from || on >= from) && (ToOn is not { } to || on < to);

    /// <summary>Whether some day is inside both; an empty period has none.</summary>
    public bool Overlaps(Period other) =>
        !IsEmpty
        && !other.IsEmpty
        && (FromOn is not { } from || other.ToOn is not { } otherTo || from < otherTo)
        && (other.FromOn is not { } otherFrom || ToOn is not { } to || otherFrom < to);
}
