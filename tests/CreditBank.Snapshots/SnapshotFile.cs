using System.Text;

namespace CreditBank.Snapshots;

/// <summary>The pair of files of one comparison: what was verified, and what was received when that differs.</summary>
internal sealed record SnapshotFile(string VerifiedPath, string ReceivedPath)
{
    private static readonly UTF8Encoding Utf8WithoutMark = new(encoderShouldEmitUTF8Identifier: false);

    public static SnapshotFile For(string sourceFile, string testName, string extension, VerifySettings settings)
    {
        var testFolder = Path.GetDirectoryName(sourceFile) ?? "";
        var folder = Path.Combine(testFolder, settings.Folder ?? "");
        var name = settings.FileName ?? $"{Path.GetFileNameWithoutExtension(sourceFile)}.{testName}";
        var parameters = settings.ParametersText is { } text ? "_" + WithoutForbidden(text) : "";
        var prefix = Path.Combine(folder, name + parameters);
        return new($"{prefix}.verified.{extension}", $"{prefix}.received.{extension}");
    }

    public async Task CompareAsync(string received)
    {
        received = received.TrimEnd('\n');
        var verified = File.Exists(VerifiedPath) ? await ReadAsync() : null;
        if (verified == received)
        {
            File.Delete(ReceivedPath);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(ReceivedPath)!);
        await File.WriteAllTextAsync(ReceivedPath, received, Utf8WithoutMark);
        throw new SnapshotException(Explain(verified, received));
    }

    /// <summary>Git or an editor may change line ends and the last one; both carry no meaning here.</summary>
    private async Task<string> ReadAsync() =>
        (await File.ReadAllTextAsync(VerifiedPath)).ReplaceLineEndings("\n").TrimEnd('\n');

    private string Explain(string? verified, string received)
    {
        var what = verified is null ? "Nothing was verified yet." : FirstDifference(verified, received);
        return $"""
            {what}
              verified: {VerifiedPath}
              received: {ReceivedPath}
            If what was received is right, rename it to the verified name and commit it.
            """;
    }

    private static string FirstDifference(string verified, string received)
    {
        string[] left = verified.Split('\n');
        string[] right = received.Split('\n');
        var line = left.Zip(right).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"""
            Received differs from verified in line {line + 1}.
              expected: {left.ElementAtOrDefault(line) ?? "(the end)"}
              but was:  {right.ElementAtOrDefault(line) ?? "(the end)"}
            """;
    }

    private static string WithoutForbidden(string text)
    {
        // What one system allows in a name another refuses, so the strictest set counts everywhere.
        const string Forbidden = "\"<>|:*?\\/\r\n\t";
        return string.Concat(text.Select(character => Forbidden.Contains(character) ? '-' : character));
    }
}
