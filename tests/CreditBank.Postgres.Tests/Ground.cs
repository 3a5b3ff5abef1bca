using Microsoft.Extensions.Logging;

namespace CreditBank.Postgres.Tests;

/// <summary>A temporary folder that the user of the server can enter, removed at the end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        Path = Directory.CreateTempSubdirectory("creditbank-test-").FullName;
        UnixFolders.SetMode(Path, UnixFolders.Open);
    }

    public string Path { get; }

    public string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Writes a program: a shell script that anybody may run.</summary>
    public string Script(string relative, string body)
    {
        var file = At(relative);
        UnixFolders.CreateOpen(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"#!/bin/sh\n{body}\n");
        UnixFolders.SetMode(file, UnixFolders.Open);
        return file;
    }

    /// <summary>Writes programs that call themselves PostgreSQL of a version, and gives their folder.</summary>
    public string Binaries(string relative, string version)
    {
        Script(relative + "/postgres", $"echo 'postgres (PostgreSQL) {version} (from a test)'");
        Script(relative + "/initdb", "exit 0");
        Script(relative + "/pg_ctl", "exit 0");
        return At(relative);
    }

    /// <summary>This folder as a machine of its own, with these variables and no others.</summary>
    internal SearchGround AsMachine(params (string Name, string Value)[] variables) =>
        new(
            name => variables.FirstOrDefault(v => v.Name == name).Value,
            At("root"),
            At("cache"),
            NpmPins.ThisPlatform()
        );

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>Keeps what is logged, to look for what must not be there.</summary>
public sealed class KeptLog : ILogger
{
    private readonly List<string> lines = [];

    public string Text
    {
        get
        {
            lock (lines)
                return string.Join('\n', lines);
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        lock (lines)
            lines.Add($"{logLevel}: {formatter(state, exception)} {exception}");
    }
}

/// <summary>Runs only as root, because only root has to drop to another user.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
            Skip = "not root, so nothing has to be dropped";
    }
}

/// <summary>Runs only where Linux shows processes as files.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "not Linux, so there is no /proc to look into";
    }
}
