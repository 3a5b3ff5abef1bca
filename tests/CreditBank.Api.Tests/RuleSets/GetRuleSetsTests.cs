using System.Net;
using System.Security.Cryptography;
using System.Text;
using CreditBank.Api.Tests.Support;

namespace CreditBank.Api.Tests.RuleSets;

public sealed class GetRuleSetsTests
{
    [Fact]
    public async Task anyone_reads_a_published_version_and_its_text()
    {
        var caller = (await TestService.SharedAsync()).Anonymous();

        var list = (await caller.Get("/v1/rule-sets")).Expect(HttpStatusCode.OK).Json["items"]!.AsArray();
        var one = (await caller.Get("/v1/rule-sets/sqf-2016.1")).Expect(HttpStatusCode.OK);
        var text = (await caller.Get("/v1/rule-sets/sqf-2016.1/documents")).Expect(HttpStatusCode.OK).Text;

        Assert.Contains(list, item => (string?)item!["version"] == "sqf-2016.1");
        var hash = (string)one.Json["hash"]!;
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
        Assert.Equal($"\"{hash}\"", one.Headers.ETag?.Tag);
        Assert.Contains("cap-total", one.Json["clauses"]!.AsArray().Select(clause => (string?)clause));
    }

    [Fact]
    public async Task a_version_that_is_not_published_is_not_found()
    {
        var caller = (await TestService.SharedAsync()).Anonymous();

        (await caller.Get("/v1/rule-sets/sqf-1999.1")).Expect(HttpStatusCode.NotFound);
        (await caller.Get("/v1/rule-sets/sqf-1999.1/documents")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task two_versions_are_compared_clause_by_clause()
    {
        var caller = (await TestService.SharedAsync()).Anonymous();

        var compared = (await caller.Get("/v1/rule-sets/sqf-2016.1/compare/sqf-2021.1")).Expect(HttpStatusCode.OK);

        var added = compared.Json["changes"]!.AsArray().Where(change => (string?)change!["kind"] == "added");
        Assert.Contains("cap-online", added.Select(change => (string?)change!["id"]));
        var same = (await caller.Get("/v1/rule-sets/sqf-2016.1/compare/sqf-2016.1")).Json["changes"]!.AsArray();
        Assert.Empty(same);
        (await caller.Get("/v1/rule-sets/sqf-2016.1/compare/none")).Expect(HttpStatusCode.NotFound);
    }
}
