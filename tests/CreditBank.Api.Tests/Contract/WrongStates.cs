using System.Net;
using CreditBank.Api.Tests.Support;

namespace CreditBank.Api.Tests.Contract;

/// <summary>A thing that was brought into a state, and the learner whose it is.</summary>
internal sealed record Thing(string State, string Path, TestCaller Learner);

/// <summary>A command, and the states in which it is right; in every other one it is to be refused.</summary>
internal sealed record Command(
    string Name,
    IReadOnlyList<string> RightIn,
    Func<Thing, TestCaller> By,
    Func<Thing, string> Path,
    object Body
)
{
    /// <summary>A command under the thing's own path.</summary>
    public static Command Under(string name, string[] rightIn, Func<Thing, TestCaller> by, object body) =>
        new(name, rightIn, by, thing => $"{thing.Path}/{name}", body);
}

/// <summary>Sends every command in every state in which it is wrong.</summary>
internal static class WrongStates
{
    /// <summary>
    /// Each is 409 or 422 with a code of the command's own and the state of the thing, and none changes the thing.
    /// </summary>
    /// <param name="things">One thing in each state.</param>
    /// <param name="commands">Every command there is.</param>
    /// <param name="state">The state in which a thing is shown to be.</param>
    /// <returns>How many were sent.</returns>
    public static async Task<int> AllRefusedAsync(
        IReadOnlyList<Thing> things,
        IReadOnlyList<Command> commands,
        Func<Thing, Task<string?>> state
    )
    {
        var sent = 0;
        var faults = new List<string>();
        foreach (var thing in things)
        {
            Assert.Equal(thing.State, await state(thing));
            foreach (var command in commands.Where(command => !command.RightIn.Contains(thing.State)))
            {
                var reply = await command.By(thing).Post(command.Path(thing), command.Body);
                sent++;
                if (!IsRefused(reply, thing.State))
                {
                    faults.Add($"{command.Name} when {thing.State}: {(int)reply.Status} {reply.Text}");
                }
            }

            Assert.Equal(thing.State, await state(thing));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        return sent;
    }

    /// <summary>The state that a member of the answer to a path names.</summary>
    public static async Task<string?> ShownAsync(TestCaller caller, string path) =>
        (string?)(await caller.Get(path)).Expect(HttpStatusCode.OK).Json["state"];

    private static bool IsRefused(Reply reply, string state) =>
        reply.Status is HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity
        && reply.Code is { Length: > 0 } and not "state.changed"
        && reply.State == state;
}
