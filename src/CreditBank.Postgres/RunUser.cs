using System.Diagnostics;
using System.Globalization;

namespace CreditBank.Postgres;

/// <summary>
/// The user that PostgreSQL runs as: the service's own, or another one where the service is root, because PostgreSQL
/// refuses root.
/// </summary>
internal sealed class RunUser
{
    private readonly Func<string, string[], (string File, string[] Arguments)> become;

    private RunUser(string name, string ids, bool isOther, Func<string, string[], (string, string[])> become)
    {
        Name = name;
        Ids = ids;
        IsOther = isOther;
        this.become = become;
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
        var (actual, all) = become(file, arguments);
        return Command.Prepare(actual, all);
    }

    /// <summary>Runs a shell script as this user; the arguments are <c>$1</c>, <c>$2</c> ... and never quoted.</summary>
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
            if (await IdsAsync(name, ct) is { } ids)
                return await BecomeAsync(name, ids, ct);
        }
        if (wanted is not null)
            throw NoUser($"The user {wanted} that PostgreSQL should run as does not exist.");

        await Command.RunAsync(Command.Prepare("useradd", NewUser), ct);
        foreach (var name in new[] { "creditbank", "nobody" })
        {
            if (await IdsAsync(name, ct) is { } ids)
                return await BecomeAsync(name, ids, ct);
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
        return new RunUser(Environment.UserName, ids.Output, isOther: false, (file, arguments) => (file, arguments));
    }

    private static async Task<string?> IdsAsync(string name, CancellationToken ct)
    {
        const string Script = "u=$(id -u \"$1\") && g=$(id -g \"$1\") && echo \"$u:$g\"";
        var ids = await Command.RunAsync(Command.Prepare("/bin/sh", ["-c", Script, "sh", name]), ct);
        return ids.Succeeded ? ids.Output : null;
    }

    /// <summary>Takes the first tool that is there and really drops root: which ones exist differs by system.</summary>
    private static async Task<RunUser> BecomeAsync(string name, string ids, CancellationToken ct)
    {
        var user = ids.Split(':')[0];
        var group = ids.Split(':')[1];
        Func<string, string[], (string, string[])>[] ways =
        [
            (file, rest) =>
                (
                    "setpriv",
                    [$"--reuid={user}", $"--regid={group}", "--init-groups", "--inh-caps=-all", "--", file, .. rest]
                ),
            (file, rest) => ("setpriv", [$"--reuid={user}", $"--regid={group}", "--clear-groups", "--", file, .. rest]),
            (file, rest) => ("runuser", ["-u", name, "--", file, .. rest]),
            (file, rest) => ("su", ["-s", "/bin/sh", "-c", "exec \"$@\"", "--", name, "sh", file, .. rest]),
            (file, rest) => ("sudo", ["-n", "-u", name, "--", file, .. rest]),
        ];
        foreach (var way in ways)
        {
            var candidate = new RunUser(name, ids, isOther: true, way);
            var probe = await Command.RunAsync(candidate.Prepare("/bin/sh", "-c", "id -u"), ct);
            if (probe.Succeeded && probe.Output == user)
                return candidate;
        }
        throw NoUser(
            string.Create(
                CultureInfo.InvariantCulture,
                $"PostgreSQL refuses to run as root, and none of setpriv, runuser, su and sudo could run it as {name}. "
                    + $"Start the service as another user."
            )
        );
    }

    private static PostgresUnavailableException NoUser(string message) =>
        new(PostgresUnavailableException.NoUser, message);
}
