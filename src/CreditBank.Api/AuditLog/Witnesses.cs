using System.Globalization;
using CreditBank.Ledger.Audit;
using Npgsql;

namespace CreditBank.Api.AuditLog;

/// <summary>
/// Asks the witnesses of the policy to cosign a checkpoint (C2SP tlog-witness). One that does not answer is asked again
/// with the next checkpoint; it never holds the log up for longer than its patience.
/// </summary>
internal sealed class Witnesses(AuditLogs logs, HttpClient http, ILogger<Witnesses> log)
{
    private const string ConflictType = "text/x.tlog.size";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Dictionary<(string Log, string Witness), long> seen = [];

    /// <summary>The checkpoint with the cosignatures that could be had.</summary>
    public async Task<SignedCheckpoint> CosignAsync(
        NpgsqlConnection connection,
        string name,
        SignedCheckpoint checkpoint,
        CancellationToken cancellation
    )
    {
        var cosignatures = new List<NoteSignature>();
        foreach (var witness in logs.Settings.Policy?.Witnesses ?? [])
        {
            if (witness.Url is null)
            {
                continue;
            }

            try
            {
                cosignatures.AddRange(await AskAsync(connection, name, witness, checkpoint, cancellation));
            }
            catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
            {
                cancellation.ThrowIfCancellationRequested();
                log.LogWarning(away, "The witness {Witness} does not answer.", witness.Key.Name);
            }
        }

        return cosignatures.Count == 0 ? checkpoint : checkpoint.With(cosignatures);
    }

    private async Task<IReadOnlyList<NoteSignature>> AskAsync(
        NpgsqlConnection connection,
        string name,
        PolicyKey witness,
        SignedCheckpoint checkpoint,
        CancellationToken cancellation
    )
    {
        var place = (name, witness.Key.Name);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var old = seen.GetValueOrDefault(place);
            var proof = await ProofAsync(connection, name, old, checkpoint.Checkpoint.Size, cancellation);
            var (status, type, body) = await PostAsync(
                witness.Url!,
                new AddCheckpointRequest(old, proof, checkpoint),
                cancellation
            );
            if (status == (int)WitnessAnswer.Cosign)
            {
                seen[place] = checkpoint.Checkpoint.Size;
                return Cosignatures(body, witness, checkpoint);
            }

            if (
                status != (int)WitnessAnswer.Conflict
                || type != ConflictType
                || !long.TryParse(body.TrimEnd('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out var known)
                || known > checkpoint.Checkpoint.Size
                || known == old
            )
            {
                log.LogError(
                    "The witness {Witness} does not cosign {Log} at {Size}: {Status}. It has seen another history.",
                    witness.Key.Name,
                    name,
                    checkpoint.Checkpoint.Size,
                    status
                );
                return [];
            }

            seen[place] = known;
        }

        return [];
    }

    private async Task<(int Status, string? Type, string Body)> PostAsync(
        string url,
        AddCheckpointRequest request,
        CancellationToken cancellation
    )
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        using var content = new ByteArrayContent(request.ToBytes());
        var address = new Uri($"{url.TrimEnd('/')}/add-checkpoint");
        using var response = await http.PostAsync(address, content, patience.Token);
        var body = await response.Content.ReadAsStringAsync(patience.Token);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, body);
    }

    private static async Task<MerkleHash[]> ProofAsync(
        NpgsqlConnection connection,
        string name,
        long old,
        long size,
        CancellationToken cancellation
    )
    {
        if (old == 0)
        {
            return [];
        }

        var plan = ProofPlan.Consistency(old, size);
        var tiles = await LogTables.TilesAsync(connection, name, plan.Tiles, cancellation);
        return plan.Resolve(id => tiles[id]);
    }

    private List<NoteSignature> Cosignatures(string body, PolicyKey witness, SignedCheckpoint checkpoint)
    {
        var lines = body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var signatures = new List<NoteSignature>();
        foreach (var line in lines)
        {
            if (NoteSignature.TryParse(line, out var signature))
            {
                signatures.Add(signature);
            }
        }

        var isRight = signatures.Count > 0 && checkpoint.With(signatures).Note.TryVerify([witness.Key], out _, out _);
        if (!isRight)
        {
            log.LogError("The witness {Witness} answered with no cosignature of its key.", witness.Key.Name);
        }

        return isRight ? signatures : [];
    }
}
