using System.Text;
using System.Text.Json;

namespace CreditBank.Ledger.Audit;

/// <summary>Reads the members of a leaf in any order; each must be there and no other.</summary>
internal ref struct LeafReader(ReadOnlyMemory<byte> bytes)
{
    private const int MembersTotal = 13;

    private static readonly (byte[] Utf8, string Text)[] Names =
    [
        .. new[]
        {
            Leaf.ActorName,
            Leaf.BookName,
            Leaf.CausationName,
            Leaf.CorrelationName,
            Leaf.DataName,
            Leaf.DataHashName,
            Leaf.EventIdName,
            Leaf.FormatName,
            Leaf.RecordedName,
            Leaf.SchemaName,
            Leaf.SequenceName,
            Leaf.StreamName,
            Leaf.TypeName,
            Leaf.VersionName,
        }.Select(name => (Encoding.UTF8.GetBytes(name), name)),
    ];

    private Utf8JsonReader json = new(bytes.Span, new JsonReaderOptions { MaxDepth = 64 });
    private EventEnvelope envelope;
    private ReadOnlyMemory<byte> data;
    private string? dataHash;

    /// <summary>Reads all of it.</summary>
    /// <exception cref="JsonException">It is no leaf.</exception>
    /// <exception cref="InvalidOperationException">A member has the wrong type.</exception>
    public Leaf Read()
    {
        Require(json.Read() && json.TokenType == JsonTokenType.StartObject);
        var members = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            members++;
            ReadMember();
        }

        Require(members == MembersTotal && json.TokenType == JsonTokenType.EndObject && !json.Read());
        Require(envelope is { Book: not null, Stream: not null, Type: not null });
        Require(data.IsEmpty != dataHash is null);
        return new Leaf(envelope, data, dataHash);
    }

    private void ReadMember()
    {
        // Names are compared as bytes: a string for each of them would be most of what reading a leaf allocates.
        var member = MemberOf(json.ValueSpan);
        Require(json.Read());
        switch (member)
        {
            case Leaf.ActorName:
                envelope = envelope with { Actor = json.GetString() };
                break;
            case Leaf.BookName:
                envelope = envelope with { Book = json.GetString()! };
                break;
            case Leaf.CausationName:
                envelope = envelope with { CausationId = json.GetString() };
                break;
            case Leaf.CorrelationName:
                envelope = envelope with { CorrelationId = json.GetString() };
                break;
            case Leaf.DataName:
                var from = (int)json.TokenStartIndex;
                json.Skip();
                data = bytes[from..(int)json.BytesConsumed];
                break;
            case Leaf.DataHashName:
                dataHash = json.GetString();
                break;
            case Leaf.EventIdName:
                envelope = envelope with { EventId = json.GetGuid() };
                break;
            case Leaf.FormatName:
                Require(json.GetInt32() == Leaf.Format);
                break;
            case Leaf.SchemaName:
                json.GetInt32();
                break;
            default:
                ReadPlace(member);
                break;
        }
    }

    private void ReadPlace(string? member) =>
        envelope = member switch
        {
            Leaf.RecordedName => envelope with { RecordedAtMicroseconds = json.GetInt64() },
            Leaf.SequenceName => envelope with { Sequence = json.GetInt64() },
            Leaf.StreamName => envelope with { Stream = json.GetString()! },
            Leaf.TypeName => envelope with { Type = json.GetString()! },
            Leaf.VersionName => envelope with { Version = json.GetInt64() },
            _ => throw new JsonException("A member that no leaf has."),
        };

    private static string? MemberOf(ReadOnlySpan<byte> name)
    {
        foreach (var member in Names)
        {
            if (member.Utf8.AsSpan().SequenceEqual(name))
            {
                return member.Text;
            }
        }

        return null;
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new JsonException("Not a leaf.");
        }
    }
}
