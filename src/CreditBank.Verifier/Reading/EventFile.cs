using System.Collections.Concurrent;

namespace CreditBank.Verifier;

/// <summary>
/// Reads a file of lines in blocks, parses blocks on all processors, and hands the events over in order. Memory is some
/// blocks, whatever the size of the file.
/// </summary>
internal sealed class EventFile(ExportFolder folder, string path, bool readsAll)
{
    // Below what the runtime treats as a large object, whose every allocation brings a whole collection nearer.
    private const int BlockBytes = 72 * 1024;

    // What usually is left over of the block before.
    private const int LineBytesUsual = 2 * 1024;

    private readonly ConcurrentBag<EventParser> parsers = [];
    private readonly ConcurrentBag<List<ReadEvent>> lists = [];
    private readonly ConcurrentBag<byte[]> blocks = [];

    /// <summary>
    /// Hands over the events and their lines, block by block in order, one at a time but on any thread. Both are used
    /// again: nothing of a block may be kept beyond the next.
    /// </summary>
    public void Read(Action<List<ReadEvent>, ReadOnlyMemory<byte>> take)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var stream = new FileStream(
            path,
            new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan }
        );
        var work = new OrderedWork<Block, List<ReadEvent>>(
            Lines(stream),
            block => Parse(block.Lines),
            (block, events) =>
            {
                take(events, block.Lines);
                UseAgain(events, block);
            }
        );
        work.Run();
    }

    private List<ReadEvent> Parse(ReadOnlyMemory<byte> lines)
    {
        var parser = parsers.TryTake(out var idle) ? idle : new EventParser(folder, readsAll);
        var events = lists.TryTake(out var emptied) ? emptied : [];
        parser.Read(lines, events);
        parsers.Add(parser);
        return events;
    }

    private void UseAgain(List<ReadEvent> events, Block block)
    {
        events.Clear();
        lists.Add(events);
        if (block.Bytes.Length <= 2 * BlockBytes)
        {
            blocks.Add(block.Bytes);
        }
    }

    /// <summary>Blocks of whole lines; a line longer than a block makes a longer block.</summary>
    private IEnumerable<Block> Lines(FileStream stream)
    {
        ReadOnlyMemory<byte> rest = default;
        while (true)
        {
            var block =
                blocks.TryTake(out var used) && used.Length >= rest.Length + BlockBytes
                    ? used
                    : new byte[rest.Length + BlockBytes + LineBytesUsual];
            rest.CopyTo(block);
            var space = block.AsSpan(rest.Length, BlockBytes);
            var read = stream.ReadAtLeast(space, BlockBytes, throwOnEndOfStream: false);
            var filled = block.AsMemory(0, rest.Length + read);
            if (read < BlockBytes)
            {
                if (!filled.IsEmpty)
                {
                    yield return new Block(block, filled);
                }

                yield break;
            }

            var end = filled.Span.LastIndexOf((byte)'\n') + 1;
            rest = filled[end..];
            if (end > 0)
            {
                yield return new Block(block, filled[..end]);
            }
        }
    }

    /// <summary>A buffer and the whole lines in it.</summary>
    private readonly record struct Block(byte[] Bytes, ReadOnlyMemory<byte> Lines);
}
