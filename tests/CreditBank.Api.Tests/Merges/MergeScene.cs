using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.Merges;

/// <summary>Two accounts of one person, and the people of the bank who merge them.</summary>
internal sealed class MergeScene(TransferScene survivor, TransferScene absorbed)
{
    public TransferScene Survivor => survivor;

    public TransferScene Absorbed => absorbed;

    public TestService Service => survivor.Service;

    public TestCaller Proposer => Service.As("operator", subject: "proposer");

    public TestCaller Confirmer => Service.As("branch", subject: "confirmer");

    public TestCaller Auditor => Service.As("auditor");

    public string Merges => $"/v1/accounts/{survivor.Account}/merges";

    /// <summary>Two accounts with outcomes; in one book, in two, or wherever chance puts them.</summary>
    public static async Task<MergeScene> Open(
        string id,
        string[] ofSurvivor,
        string[] ofAbsorbed,
        bool? inOneBook = null
    )
    {
        var survivor = await TransferScene.Open($"{id}-s", ofSurvivor);
        var books = survivor.Service.Services.GetRequiredService<LedgerBooks>();
        for (var number = 0; ; number++)
        {
            var absorbed = await TransferScene.Open($"{id}-a{number}");
            if (inOneBook is null || inOneBook == (books.BookOf(absorbed.Account) == books.BookOf(survivor.Account)))
            {
                if (ofAbsorbed.Length > 0)
                {
                    await absorbed.Deposit(ofAbsorbed);
                }

                return new MergeScene(survivor, absorbed);
            }
        }
    }

    public async Task<string> Propose()
    {
        var reply = await Proposer.Post(Merges, new { absorbed = absorbed.Account, reason = "同一人" });
        return (string)reply.Expect(HttpStatusCode.Created).Json["mergeId"]!;
    }

    public Task<Reply> Confirm(string mergeId) =>
        Confirmer.Post($"{Merges}/{mergeId}/decision", new { decision = "confirmed" });

    public async Task<string> Merge()
    {
        var mergeId = await Propose();
        (await Confirm(mergeId)).Expect(HttpStatusCode.OK);
        return mergeId;
    }

    public Task<Reply> Undo(string mergeId) =>
        Confirmer.Post($"{Merges}/{mergeId}/unmerge", new { reason = "不是同一人" });

    public async Task<JsonNode> Read(TransferScene scene, string view) =>
        (await Auditor.Get($"/v1/accounts/{scene.Account}{view}")).Expect(HttpStatusCode.OK).Json;

    public async Task<string[]> OutcomesOf(TransferScene scene) =>
        [.. (await Read(scene, "/outcomes?limit=100"))["items"]!.AsArray().Select(item => (string)item!["outcomeId"]!)];

    public async Task<decimal> Total(TransferScene scene, string figure) =>
        (decimal)(await Read(scene, "/balances"))["totals"]![figure]!;

    /// <summary>Everything both accounts show of what they have.</summary>
    public async Task<string> Everything()
    {
        var parts = new List<string>();
        foreach (var scene in (TransferScene[])[survivor, absorbed])
        {
            parts.Add((await Read(scene, "/balances")).ToJsonString());
            parts.Add((await Read(scene, "/outcomes?limit=100")).ToJsonString());
        }

        return string.Join('\n', parts);
    }

    public static async Task<string> Approved(TransferScene scene, params string[] courses)
    {
        var path = $"/v1/transfers/{(await scene.Submit(courses))["transferId"]}";
        (await scene.Approver.Post($"{path}/approval", new { })).Expect(HttpStatusCode.OK);
        return path;
    }
}
