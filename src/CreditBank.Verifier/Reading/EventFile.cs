using System.Collections.Concurrent;

namespace CreditBank.Verifier;

/// <summary>
/// Reads a file of lines in blocks, parses blocks on all processors, and gives the events in order. Memory is some
/// blocks, whatever the size of the file.
/// </summary>
internal sealed class EventFile(ExportFolder folder, string path, bool readsAll)
{
    // Below what the runtime treats as a large object, whose every allocation brings a whole collection nearer.
    private const int BlockBytes = 72 * 1024;

    private readonly ConcurrentBag<EventParser> parsers = [];

    /// <summary>The events with the number of bytes read so far, block by block.</summary>
    public IEnumerable<(List<ReadEvent> Events, ReadOnlyMemory<byte> Lines)> Blocks()
    {
        if (!File.Exists(path))
        {
            yield break;
        }

        using var stream = new FileStream(
            path,
            new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan }
        );
        var parsing = new Queue<(Task<List<ReadEvent>> Task, ReadOnlyMemory<byte> Lines)>();
        var ahead = Environment.ProcessorCount + 1;
        foreach (var lines in Lines(stream))
        {
            parsing.Enqueue((Task.Run(() => Parse(lines)), lines));
            if (parsing.Count > ahead)
            {
                var (task, parsed) = parsing.Dequeue();
                yield return (task.GetAwaiter().GetResult(), parsed);
            }
        }

        while (parsing.TryDequeue(out var last))
        {
            yield return (last.Task.GetAwaiter().GetResult(), last.Lines);
        }
    }

    private List<ReadEvent> Parse(ReadOnlyMemory<byte> lines)
    {
        var parser = parsers.TryTake(out var idle) ? idle : new EventParser(folder, readsAll);
        var events = parser.Read(lines);
        parsers.Add(parser);
        return events;
    }

    /// <summary>Blocks of whole lines; a line longer than a block makes a longer block.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Lines(FileStream stream)
    {
        ReadOnlyMemory<byte> rest = default;
        while (true)
        {
            var block = new byte[rest.Length + BlockBytes];
            rest.CopyTo(block);
            var read = stream.ReadAtLeast(block.AsSpan(rest.Length), BlockBytes, throwOnEndOfStream: false);
            var filled = block.AsMemory(0, rest.Length + read);
            if (read < BlockBytes)
            {
                if (!filled.IsEmpty)
                {
                    yield return filled;
                }

                yield break;
            }

            var end = filled.Span.LastIndexOf((byte)'\n') + 1;
            rest = filled[end..];
            if (end > 0)
            {
                yield return filled[..end];
            }
        }
    }
}
