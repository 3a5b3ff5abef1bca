namespace CreditBank.Snapshots;

/// <summary>
/// What a test received is not what was verified, or nothing was verified yet. The message names both files, the first
/// line that differs, and how to accept what was received.
/// </summary>
public sealed class SnapshotException(string message) : Exception(message);
