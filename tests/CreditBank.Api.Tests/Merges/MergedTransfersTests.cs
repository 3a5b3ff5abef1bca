using System.Net;
using CreditBank.Api.Tests.Accounts;
using CreditBank.Api.Tests.Support;
using static CreditBank.Api.Tests.Transfers.TransferScene;

namespace CreditBank.Api.Tests.Merges;

/// <summary>The transfers of an account that took another one over.</summary>
public sealed class MergedTransfersTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task the_survivor_shows_the_transfers_of_both_while_they_are_merged(bool inOneBook)
    {
        var scene = await MergeScene.Open($"mrg-list-{inOneBook}".ToLowerInvariant(), [Maths], [Maths], inOneBook);
        var own = Id(await MergeScene.Approved(scene.Survivor, Maths));
        var other = Id(await MergeScene.Approved(scene.Absorbed, Maths));
        var before = await ReadAccountTests.Settled(scene.Service, scene.Survivor.Account);
        var mergeId = await scene.Merge();
        var merged = await ReadAccountTests.Settled(scene.Service, scene.Survivor.Account);

        var listed = await List(scene, scene.Survivor.Learner);

        Assert.Equal(new[] { own, other }.Order(), listed.Keys.Order());
        Assert.All(listed.Values, matches => Assert.Equal(1, matches));
        Assert.Equal(listed.Keys.Order(), (await List(scene, scene.Auditor)).Keys.Order());
        Assert.Equal(listed.Keys.Order(), (await List(scene, scene.Survivor.Approver)).Keys.Order());
        Assert.Equal([own], (await List(scene, scene.Survivor.Learner, $"knownAt={before}")).Keys);
        (await scene.Undo(mergeId)).Expect(HttpStatusCode.OK);
        Assert.Equal([own], (await List(scene, scene.Survivor.Learner)).Keys);
        var then = await List(scene, scene.Survivor.Learner, $"knownAt={merged}");
        Assert.Equal(listed.Keys.Order(), then.Keys.Order());
        Assert.All(then.Values, matches => Assert.Equal(1, matches));
    }

    private static string Id(string path) => path.Split('/')[^1];

    /// <summary>What a caller is shown of the survivor: transfers, and how many lines of each match.</summary>
    private static async Task<Dictionary<string, int>> List(MergeScene scene, TestCaller caller, string query = "")
    {
        var reply = await caller.Get($"/v1/accounts/{scene.Survivor.Account}/transfers?{query}");
        return reply.Expect(HttpStatusCode.OK).Json["items"]!
            .AsArray()
            .ToDictionary(item => (string)item!["transferId"]!, item => (int)item!["lines"]!["match"]!);
    }
}
