using System.Security.Cryptography;
using CreditBank.Ledger.Audit;

namespace CreditBank.Ledger.Tests.Audit;

/// <summary>
/// RFC 6962, section 2.1, written down as it stands there: the reference for everything faster. It only remembers what
/// it has hashed before.
/// </summary>
internal sealed class NaiveTree(int sizeMax)
{
    private readonly Dictionary<(int From, int To), MerkleHash> known = [];

    public MerkleHash[] Leaves { get; } =
    [
        .. Enumerable
            .Range(0, sizeMax)
            .Select(index => MerkleHash.From(SHA256.HashData([0, .. BitConverter.GetBytes(index)]))),
    ];

    public MerkleHash Root(int size) => Root(0, size);

    public MerkleHash[] Path(int index, int size) => [.. Path(index, 0, size)];

    public MerkleHash[] Consistency(int older, int size) => [.. SubProof(older, 0, size, isWhole: true)];

    private MerkleHash Root(int from, int to)
    {
        if (to - from < 2)
        {
            return to == from ? MerkleHash.From(SHA256.HashData([])) : Leaves[from];
        }

        if (!known.TryGetValue((from, to), out var root))
        {
            var k = from + Split(to - from);
            root = MerkleHash.From(SHA256.HashData([1, .. Root(from, k).ToBytes(), .. Root(k, to).ToBytes()]));
            known.Add((from, to), root);
        }

        return root;
    }

    private IEnumerable<MerkleHash> Path(int index, int from, int to)
    {
        if (to - from == 1)
        {
            return [];
        }

        var k = from + Split(to - from);
        return index < k ? [.. Path(index, from, k), Root(k, to)] : [.. Path(index, k, to), Root(from, k)];
    }

    private IEnumerable<MerkleHash> SubProof(int older, int from, int to, bool isWhole)
    {
        if (older == to)
        {
            return isWhole ? [] : [Root(from, to)];
        }

        var k = from + Split(to - from);
        return older <= k
            ? [.. SubProof(older, from, k, isWhole), Root(k, to)]
            : [.. SubProof(older, k, to, isWhole: false), Root(from, k)];
    }

    private static int Split(int count)
    {
        var k = 1;
        while (2 * k < count)
        {
            k *= 2;
        }

        return k;
    }
}
