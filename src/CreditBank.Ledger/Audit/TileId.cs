using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CreditBank.Ledger.Audit;

/// <summary>
/// Names a tile of hashes or a bundle of entries, as C2SP tlog-tiles lays them out: <c>tile/0/x001/234</c>,
/// <c>tile/entries/000.p/17</c>.
/// </summary>
/// <param name="Level">0 to 7; a hash at level l covers 256^l leaves. <see cref="Entries"/> names a bundle.</param>
/// <param name="Index">Which tile of its level, from zero.</param>
/// <param name="Width">How many hashes or entries, 1 to 256; fewer than 256 make it partial.</param>
public readonly record struct TileId(int Level, long Index, int Width)
{
    /// <summary>How many hashes a full tile has.</summary>
    public const int FullWidth = 256;

    /// <summary>The level that stands for the entries themselves.</summary>
    public const int Entries = -1;

    /// <summary>The highest level of a tree that a 63-bit size can have.</summary>
    public const int LevelMax = 7;

    /// <summary>How many levels of the tree one tile spans.</summary>
    internal const int Height = 8;

    private const string Prefix = "tile/";
    private const string EntriesName = "entries";

    /// <summary>Whether it can still grow.</summary>
    public bool IsPartial => Width < FullWidth;

    /// <summary>The path below the log's prefix, without a slash before it.</summary>
    public string Path
    {
        get
        {
            var level = Level == Entries ? EntriesName : Level.ToString(CultureInfo.InvariantCulture);
            var last = (Index % 1000).ToString("d3", CultureInfo.InvariantCulture);
            for (var rest = Index / 1000; rest > 0; rest /= 1000)
            {
                last = string.Create(CultureInfo.InvariantCulture, $"x{rest % 1000:d3}/{last}");
            }

            return string.Create(
                CultureInfo.InvariantCulture,
                $"{Prefix}{level}/{last}{(IsPartial ? $".p/{Width}" : "")}"
            );
        }
    }

    /// <summary>
    /// The tile of a level and index as wide as a tree of that size makes it; none when it holds nothing.
    /// </summary>
    /// <param name="level">As <see cref="Level"/>.</param>
    /// <param name="index">As <see cref="Index"/>.</param>
    /// <param name="size">How many leaves the tree has.</param>
    public static TileId? In(int level, long index, long size)
    {
        var hashes = level == Entries ? size : size >> (Height * level);
        if (index < 0 || index > hashes / FullWidth)
        {
            return null;
        }

        var width = Math.Min(hashes - index * FullWidth, FullWidth);
        return width > 0 ? new TileId(level, index, (int)width) : null;
    }

    /// <summary>
    /// The partial tiles at the right edge of a tree, the lowest level first: at most one for each level.
    /// </summary>
    /// <param name="size">How many leaves the tree has.</param>
    public static IEnumerable<TileId> RightEdge(long size)
    {
        for (var level = 0; level <= LevelMax && size >> (Height * level) > 0; level++)
        {
            var hashes = size >> (Height * level);
            if (hashes % FullWidth > 0)
            {
                yield return new TileId(level, hashes / FullWidth, (int)(hashes % FullWidth));
            }
        }
    }

    /// <summary>Reads a path of the one spelling that <see cref="Path"/> gives.</summary>
    public static bool TryParse([NotNullWhen(true)] string? path, out TileId id)
    {
        id = default;
        if (path is null || !path.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var (rest, width) = (path[Prefix.Length..], FullWidth);
        if (rest.IndexOf(".p/", StringComparison.Ordinal) is var partial and >= 0)
        {
            if (!TryReadNumber(rest[(partial + 3)..], out width))
            {
                return false;
            }

            rest = rest[..partial];
        }

        var parts = rest.Split('/');
        var level = Entries;
        if (parts.Length < 2 || (parts[0] != EntriesName && !TryReadNumber(parts[0], out level)))
        {
            return false;
        }

        var read = TryReadIndex(parts.AsSpan(1), out var index);
        id = new TileId(level, index, width);

        // The comparison refuses every second spelling, and with it levels and widths that do not exist.
        return read && level <= LevelMax && width is > 0 and <= FullWidth && id.Path == path;
    }

    private static bool TryReadIndex(ReadOnlySpan<string> parts, out long index)
    {
        const int PartsMax = 6;
        index = 0;
        foreach (var part in parts)
        {
            if (!TryReadNumber(part.StartsWith('x') ? part[1..] : part, out var thousands) || parts.Length > PartsMax)
            {
                return false;
            }

            index = index * 1000 + thousands;
        }

        return true;
    }

    private static bool TryReadNumber(string text, out int number)
    {
        number = 0;
        return text.Length <= 3 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
