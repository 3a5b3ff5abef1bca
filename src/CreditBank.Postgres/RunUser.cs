using System.Diagnostics;

namespace CreditBank.Postgres;

/// <summary>
/// The user that PostgreSQL runs as: the service's own, or another one where the service is root, because PostgreSQL
/// refuses root.
/// </summary>
internal sealed class RunUser
{
    private readonly Way? way;

    /// <param name="name">The user's name.</param>
    /// <param name="ids">User and group, such as <c>101:104</c>.</param>
    /// <param name="isOther">Whether this is not the service's own user.</param>
    /// <param name="way">How to become that user; none for the service's own.</param>
    internal RunUser(string name, string ids, bool isOther, Way? way)
    {
        Name = name;
        Ids = ids;
        IsOther = isOther;
        this.way = way;
    }

    /// <summary>The user's name.</summary>
    public string Name { get; }

    /// <summary>User and group as <c>chown</c> takes them, such as <c>101:104</c>.</summary>
    public string Ids { get; }

    /// <summary>The number of the user.</summary>
    public string Uid => Ids.Split(':')[0];

    /// <summary>Whether this is not the service's own user.</summary>
    public bool IsOther { get; }

    /// <summary>A command of this user.</summary>
    public ProcessStartInfo Prepare(string file, params string[] arguments)
    {
        string[] command = [file, .. arguments];
        return way is null ? Command.Prepare(file, arguments) : Command.Prepare(way.Tool, way.Arguments(command));
    }

    /// <summary>Runs a shell script as this user; the arguments are <c>$1</c>, <c>$2</c> and so on.</summary>
    public Task<CommandResult> ShellAsync(
        string script,
        string input,
        CancellationToken ct,
        params string[] arguments
    ) => Command.RunAsync(Prepare("/bin/sh", ["-c", script, "sh", .. arguments]), input, ct);

    /// <summary>
    /// The service's own user, or for root: the user asked for, else the owner of the data that is there, else
    /// <c>postgres</c> or its names elsewhere, else a system user <c>creditbank</c> made for it, else <c>nobody</c>.
    /// </summary>
    /// <exception cref="PostgresUnavailableException"><c>postgres.no-user</c>.</exception>
    public static async Task<RunUser> ChooseAsync(string? wanted, string? ownerOfData, CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess)
            return await SelfAsync(ct);

        string[] names = wanted is null
            ? [ownerOfData ?? "", "postgres", "_postgres", "pgsql", "creditbank"]
            : [wanted];
        foreach (var name in names.Where(n => n is not ("" or "0" or "root")))
        {
            if (await LookUpAsync(name, ct) is var (known, ids))
                return await BecomeAsync(known, ids, ct);
        }
        if (wanted is not null)
            throw NoUser($"PostgreSQL cannot run as {wanted}: that user is root or does not exist.");

        await Command.RunAsync(Command.Prepare("useradd", NewUser), ct);
        foreach (var name in new[] { "creditbank", "nobody" })
        {
            if (await LookUpAsync(name, ct) is var (known, ids))
                return await BecomeAsync(known, ids, ct);
        }
        throw NoUser("PostgreSQL refuses to run as root, and there is no user postgres, creditbank or nobody.");
    }

    private static readonly string[] NewUser =
    [
        "--system",
        "--user-group",
        "--no-create-home",
        "--home-dir=/nonexistent",
        "--shell=/usr/sbin/nologin",
        "creditbank",
    ];

    private static async Task<RunUser> SelfAsync(CancellationToken ct)
    {
        var ids = await Command.RunAsync(Command.Prepare("/bin/sh", ["-c", "echo $(id -u):$(id -g)"]), ct);
        return new RunUser(Environment.UserName, ids.Output, isOther: false, way: null);
    }

    /// <summary>Takes a name or a number.</summary>
    private static async Task<User?> LookUpAsync(string nameOrNumber, CancellationToken ct)
    {
        const string Script = "n=$(id -un \"$1\") && u=$(id -u \"$1\") && g=$(id -g \"$1\") && echo \"$n $u:$g\"";
        var answer = await Command.RunAsync(Command.Prepare("/bin/sh", ["-c", Script, "sh", nameOrNumber]), ct);
        return answer.Succeeded && answer.Output.Split(' ') is [var name, var ids] ? new User(name, ids) : null;
    }

    private sealed record User(string Name, string Ids);

    /// <summary>The tools that drop root, the best first: which ones are there differs by system.</summary>
    internal static IReadOnlyList<Way> Ways(string name, string ids)
    {
        var (user, group) = (ids.Split(':')[0], ids.Split(':')[1]);
        string[] numbers = [$"--reuid={user}", $"--regid={group}"];
        return
        [
            new Way("setpriv", command => [.. numbers, "--init-groups", "--inh-caps=-all", "--", .. command]),
            new Way("setpriv", command => [.. numbers, "--clear-groups", "--", .. command]),
            new Way("runuser", command => ["-u", name, "--", .. command]),
            new Way("su", command => ["-s", "/bin/sh", "-c", "exec \"$@\"", "--", name, "sh", .. command]),
            new Way("sudo", command => ["-n", "-u", name, "--", .. command]),
        ];
    }

    /// <summary>Takes the first tool that really drops root.</summary>
    private static async Task<RunUser> BecomeAsync(string name, string ids, CancellationToken ct)
    {
        foreach (var way in Ways(name, ids))
        {
            var candidate = new RunUser(name, ids, isOther: true, way);
            var probe = await Command.RunAsync(candidate.Prepare("/bin/sh", "-c", "id -u"), ct);
            if (probe.Succeeded && probe.Output == candidate.Uid)
                return candidate;
        }
        throw NoUser(
            $"PostgreSQL refuses to run as root, and none of setpriv, runuser, su and sudo could run it as {name}. "
                + "Start the service as another user."
        );
    }

    /// <summary>A tool, and how it is told to run a command.</summary>
    internal sealed record Way(string Tool, Func<IEnumerable<string>, string[]> Arguments);

    private static PostgresUnavailableException NoUser(string message) =>
        new(PostgresUnavailableException.NoUser, message);
}
