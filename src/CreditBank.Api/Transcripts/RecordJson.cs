using System.Text.Json;
using CreditBank.Api.Composition;

namespace CreditBank.Api.Transcripts;

/// <summary>How single records are read from lines, and kept while they are suspended.</summary>
internal static class RecordJson
{
    /// <summary>As bodies are read over HTTP, and a property given twice is an error.</summary>
    public static readonly JsonSerializerOptions Options = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions();
        Service.ConfigureJson(options);
        options.AllowDuplicateProperties = false;
        options.MaxDepth = 32;
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
