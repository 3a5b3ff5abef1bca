using CreditBank.Api.Hosting.Import;
using JasperFx.CommandLine;

namespace CreditBank.Api.Hosting.Commands;

/// <summary>What to import, and where to.</summary>
public sealed class ImportInput
{
    /// <summary>The folder with the data set's files.</summary>
    [Description("The folder with studentInfo.csv and courses.csv of the Open University data set")]
    public string Folder { get; set; } = string.Empty;

    /// <summary>The running service.</summary>
    [Description("The address of the running service; http://127.0.0.1:5080 unless given")]
    public string UrlFlag { get; set; } = "http://127.0.0.1:5080";

    /// <summary>A token with the roles operator and registry.</summary>
    [Description("A token with the roles operator and registry of uk-ou; in the trial mode one is fetched")]
    public string? TokenFlag { get; set; }
}

/// <summary>Posts a public data set through the REST API, as its registry would.</summary>
[Description("Post the Open University Learning Analytics data set as transcripts", Name = "import")]
public sealed class ImportCommand : JasperFxAsyncCommand<ImportInput>
{
    /// <inheritdoc/>
    public override Task<bool> Execute(ImportInput input) => Plainly.Run(() => Import(input));

    private static async Task<bool> Import(ImportInput input)
    {
        if (!File.Exists(Path.Combine(input.Folder, OuladTranscripts.StudentsFile)))
        {
            throw new StartRefusedException($"{input.Folder} does not hold {OuladTranscripts.StudentsFile}.");
        }

        using var client = new HttpClient { BaseAddress = new Uri(input.UrlFlag), Timeout = TimeSpan.FromMinutes(30) };
        var transcripts = OuladTranscripts.Read(input.Folder);
        var totals = await new TranscriptUpload(client, input.TokenFlag, Console.Out).RunAsync(transcripts);
        Console.WriteLine(totals);
        return totals.Rejected == 0;
    }
}
