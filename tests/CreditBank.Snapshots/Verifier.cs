using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CreditBank.Snapshots;

/// <summary>
/// Compares what a test received with a file beside the test: <c>TestClass.test_name.verified.json</c> (objects and
/// JSON) or <c>.txt</c> (text). A difference, or a file that is not there yet, writes <c>.received.</c> and fails.
/// <para>
/// Why this exists: the plan names the package Verify.Xunit, but Verify, the package it stands on, was not on offer
/// where this was built. The calls, the settings and the file names here are that package's. To change over: reference
/// Verify.Xunit in Directory.Build.targets instead of this project, replace the global using by <c>VerifyTests</c> and
/// <c>VerifyXunit</c>, turn <see cref="VerifySettings.ScrubCounted"/> and the ledger ids into scrubbers, and accept the
/// files again.
/// </para>
/// </summary>
/// <remarks>The test class is taken from the name of its source file, so one file holds one test class.</remarks>
public static class Verifier
{
    /// <summary>Compares text, as <c>.txt</c>.</summary>
    /// <exception cref="SnapshotException">It differs, or nothing was verified yet.</exception>
    public static Task Verify(
        string text,
        VerifySettings? settings = null,
        [CallerFilePath] string sourceFile = "",
        [CallerMemberName] string testName = ""
    ) => Compare(text, "txt", settings, sourceFile, testName);

    /// <summary>Compares text with another file extension, given without its dot, such as <c>md</c>.</summary>
    /// <exception cref="SnapshotException">It differs, or nothing was verified yet.</exception>
    public static Task Verify(
        string text,
        string extension,
        VerifySettings? settings = null,
        [CallerFilePath] string sourceFile = "",
        [CallerMemberName] string testName = ""
    ) => Compare(text, extension, settings, sourceFile, testName);

    /// <summary>Compares JSON, formatted one way.</summary>
    /// <exception cref="SnapshotException">It differs, or nothing was verified yet.</exception>
    public static Task Verify(
        JsonNode? json,
        VerifySettings? settings = null,
        [CallerFilePath] string sourceFile = "",
        [CallerMemberName] string testName = ""
    ) => CompareJson(json, settings, sourceFile, testName);

    /// <summary>
    /// Compares an object as JSON: camel case, enum names, NodaTime as ISO text, or as
    /// <see cref="VerifySettings.UseJsonOptions"/> says.
    /// </summary>
    /// <exception cref="SnapshotException">It differs, or nothing was verified yet.</exception>
    public static Task Verify(
        object? target,
        VerifySettings? settings = null,
        [CallerFilePath] string sourceFile = "",
        [CallerMemberName] string testName = ""
    ) => CompareJson(SnapshotJson.ToNode(target, settings?.JsonOptions), settings, sourceFile, testName);

    /// <summary>Compares a text that is JSON, formatted one way.</summary>
    /// <exception cref="SnapshotException">It differs, or nothing was verified yet.</exception>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static Task VerifyJson(
        string json,
        VerifySettings? settings = null,
        [CallerFilePath] string sourceFile = "",
        [CallerMemberName] string testName = ""
    ) => CompareJson(JsonNode.Parse(json), settings, sourceFile, testName);

    private static Task CompareJson(JsonNode? json, VerifySettings? settings, string sourceFile, string testName)
    {
        settings ??= new VerifySettings();
        var visible = SnapshotJson.ReplaceMembers(json, settings.ScrubbedMembers);
        return Compare(SnapshotJson.Format(visible), "json", settings, sourceFile, testName);
    }

    private static Task Compare(
        string text,
        string extension,
        VerifySettings? settings,
        string sourceFile,
        string testName
    )
    {
        settings ??= new VerifySettings();
        var file = SnapshotFile.For(RepositoryRoot.OnThisMachine(sourceFile), testName, extension, settings);
        return file.CompareAsync(settings.Scrub(text));
    }
}
