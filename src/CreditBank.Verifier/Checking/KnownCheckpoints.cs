using CreditBank.Ledger.Audit;

namespace CreditBank.Verifier;

/// <summary>
/// The checkpoints that this auditor verified last, in a folder of the auditor's own. They show what no export can show
/// by itself: that the bank tells today the beginning of what it told before.
/// </summary>
internal sealed class KnownCheckpoints(string? folder)
{
    /// <summary>The last one of a log; none before the first.</summary>
    /// <exception cref="UnusableExportException">The file is no checkpoint.</exception>
    public SignedCheckpoint? Of(string log)
    {
        var path = folder is null ? null : PathOf(log);
        if (path is null || !File.Exists(path))
        {
            return null;
        }

        return SignedCheckpoint.TryParse(File.ReadAllBytes(path), out var checkpoint, out var problem)
            ? checkpoint
            : throw new UnusableExportException($"{path} is no checkpoint: {problem}.");
    }

    /// <summary>Remembers one; only after everything was found right.</summary>
    public void Remember(string log, SignedCheckpoint checkpoint)
    {
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
            var unfinished = PathOf(log) + ".unfinished";
            File.WriteAllBytes(unfinished, checkpoint.Note.ToBytes());
            File.Move(unfinished, PathOf(log), overwrite: true);
        }
    }

    private string PathOf(string log) => Path.Combine(folder!, $"{log}.checkpoint");
}
