using CreditBank.Api.Infrastructure.Storage;
using Marten;

namespace CreditBank.Api.Transcripts;

/// <summary>What this feature keeps.</summary>
internal static class TranscriptsModule
{
    public static void AddTranscripts(this IServiceCollection services)
    {
        services.AddSingleton<AppendTurns>();
        services.AddSingleton<SuspendedRelease>();
        services.AddHostedService<SuspendedSweep>();
        services.AddSingleton<TranscriptIntake>();
        services.AddSingleton<PostTranscriptLines>();
    }

    public static void Register(StoreOptions options)
    {
        options.Schema.For<Transcript>().Index(transcript => transcript.InstitutionId);
        options.Schema.For<TranscriptSending>();
        options.Schema.For<RowChunk>().Index(chunk => chunk.SendingId);
        options.Schema.For<HeaderKey>();
        options.Schema.For<RecordClaim>().UseNumericRevisions(true);
        options.Schema.For<SuspendedPerson>();
        options.Schema.For<SuspendedRecord>().Index(record => record.PersonTag);
    }
}
