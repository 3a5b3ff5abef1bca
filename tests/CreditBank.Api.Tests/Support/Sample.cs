namespace CreditBank.Api.Tests.Support;

/// <summary>Bodies that are right, to be varied.</summary>
public static class Sample
{
    /// <summary>A university in Shanghai that may issue everything.</summary>
    public static object Institution(string id, string kind = "university", IReadOnlyList<string>? kinds = null) =>
        new
        {
            institutionId = id,
            name = new { zh = "测试大学", en = "Test University" },
            kind,
            country = "CN",
            unifiedSocialCreditCode = "12310000000000019X",
            accreditation = new
            {
                kinds = kinds ?? CreditBank.Rules.OutcomeKinds.All,
                levels = Array.Empty<int>(),
                from = "1990-01-01",
            },
        };
}
