using CreditBank.Ledger.Audit;

namespace CreditBank.Api.AuditLog;

/// <summary>
/// The last signed checkpoint of each log in a folder outside the database, so that a restored backup cannot make the
/// service contradict itself.
/// </summary>
internal sealed class LastSigned(string folder)
{
    /// <summary>The note of a log's last checkpoint; none before the first.</summary>
    public byte[]? Read(string log)
    {
        var path = PathOf(log);
        return File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    /// <summary>Keeps a checkpoint; on disk when this returns.</summary>
    public void Write(string log, SignedCheckpoint checkpoint) =>
        DurableFile.Write(PathOf(log), checkpoint.Note.ToBytes());

    private string PathOf(string log) => Path.Combine(folder, $"{log}.checkpoint");
}
