using System.Net;
using CreditBank.Api.Tests.Accounts;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;

namespace CreditBank.Api.Tests.Merges;

/// <summary>Accounts with long streams, before, during and after a merge.</summary>
public sealed class PastOfMergedTests
{
    private const string Maths = TransferScene.Maths;
    private const string Philosophy = TransferScene.Philosophy;

    [Fact]
    public async Task both_accounts_show_at_every_instant_what_they_showed_then()
    {
        var scene = await MergeScene.Open("past-mg", [Philosophy], [Maths]);
        var shown = new List<(string Path, string At, string Text)>();
        await Fill(scene, "before");
        await Remember(scene, shown);
        var mergeId = await scene.Merge();
        await Remember(scene, shown);
        await Fill(scene, "during", scene.Survivor);
        await Remember(scene, shown);
        (await scene.Undo(mergeId)).Expect(HttpStatusCode.OK);
        await Remember(scene, shown);
        await Fill(scene, "after");
        await Remember(scene, shown);

        foreach (var (path, at, text) in shown)
        {
            var reply = (await scene.Auditor.Get($"{path}?knownAt={at}")).Expect(HttpStatusCode.OK);
            Assert.Equal((path, at, text), (path, at, reply.Text));
        }
    }

    /// <summary>Sixty events more in each account, six at a time.</summary>
    private static async Task Fill(MergeScene scene, string reference, params TransferScene[] accounts)
    {
        foreach (var account in accounts.Length > 0 ? accounts : [scene.Survivor, scene.Absorbed])
        {
            for (var number = 0; number < 10; number++)
            {
                var id = $"{account.ProgrammeId}-{reference}-{number}";
                object[] events =
                [
                    .. Enumerable
                        .Range(0, 3)
                        .SelectMany(part => Life.Deposit(account.Account, "fudan", $"{id}-{part}", 1.25m + number)),
                ];
                await Life.Append(scene.Service, account.Account, events);
            }
        }
    }

    private static async Task Remember(MergeScene scene, List<(string Path, string At, string Text)> shown)
    {
        foreach (var account in (TransferScene[])[scene.Survivor, scene.Absorbed])
        {
            var path = $"/v1/accounts/{account.Account}/balances";
            var reply = (await scene.Auditor.Get(path)).Expect(HttpStatusCode.OK);
            var at = await ReadAccountTests.Settled(scene.Service, account.Account);
            shown.Add((path, at, reply.Text));
        }
    }
}
