using System.Buffers;
using System.IO.Pipelines;

namespace CreditBank.Api.Transcripts;

/// <summary>
/// Reads the lines of a body of any size: UTF-8, ended by LF or CRLF; blank lines are passed over, but counted.
/// </summary>
internal sealed class LineReader(PipeReader body)
{
    /// <summary>The longest line that is read, without its end.</summary>
    public const int BytesMax = 64 * 1024;

    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(1);
    private bool isSkipping;
    private bool isAtStart = true;

    /// <summary>Takes a line.</summary>
    /// <param name="number">Counted from 1.</param>
    /// <param name="text">The line without its end; empty when it was too long.</param>
    /// <param name="isTooLong">Whether it was too long to be read.</param>
    public delegate void LineTaken(int number, ReadOnlySpan<byte> text, bool isTooLong);

    /// <summary>The number of the last line that was read.</summary>
    public int Number { get; private set; }

    /// <summary>Reads up to so many lines, fewer when the sender is slow.</summary>
    /// <returns>False at the end of the body.</returns>
    /// <exception cref="IOException">The body was cut short.</exception>
    public async Task<bool> Read(int linesMax, LineTaken take, CancellationToken cancellation)
    {
        var since = Environment.TickCount64;
        var taken = 0;
        while (taken < linesMax)
        {
            var read = await body.ReadAsync(cancellation);
            var rest = TakeLines(read, linesMax, take, ref taken);
            if (read.IsCompleted && rest.IsEmpty)
            {
                body.AdvanceTo(rest.Start);
                return false;
            }

            // Whole lines that are left over must be seen again at the next call.
            body.AdvanceTo(rest.Start, taken < linesMax ? read.Buffer.End : rest.Start);
            if (taken > 0 && Environment.TickCount64 - since > PatienceMax.TotalMilliseconds)
            {
                return true;
            }
        }

        return true;
    }

    private ReadOnlySequence<byte> TakeLines(ReadResult read, int linesMax, LineTaken take, ref int taken)
    {
        var rest = read.Buffer;
        while (taken < linesMax && rest.PositionOf((byte)'\n') is { } end)
        {
            taken += Take(rest.Slice(0, end), take);
            rest = rest.Slice(rest.GetPosition(1, end));
        }

        if (taken < linesMax && read.IsCompleted && (isSkipping || !rest.IsEmpty))
        {
            taken += Take(rest, take);
            rest = rest.Slice(rest.End);
        }
        else if (taken < linesMax && rest.Length > BytesMax)
        {
            isSkipping = true;
            rest = rest.Slice(rest.End);
        }

        return rest;
    }

    private int Take(ReadOnlySequence<byte> line, LineTaken take)
    {
        Number++;
        if (isSkipping || line.Length > BytesMax)
        {
            isSkipping = false;
            take(Number, [], isTooLong: true);
            return 1;
        }

        var text = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
        text = WithoutMarks(text);
        if (text.IsEmpty)
        {
            return 0;
        }

        take(Number, text, isTooLong: false);
        return 1;
    }

    /// <summary>Without the byte order mark that some editors put first, and without white space around.</summary>
    private ReadOnlySpan<byte> WithoutMarks(ReadOnlySpan<byte> text)
    {
        if (isAtStart && text.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            text = text[3..];
        }

        isAtStart = false;
        return text.Trim(" \t\r"u8);
    }
}
