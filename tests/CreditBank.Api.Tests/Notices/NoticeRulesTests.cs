using System.Net;
using CreditBank.Api.Notices;
using CreditBank.Ledger;
using NodaTime;

namespace CreditBank.Api.Tests.Notices;

public sealed class NoticeRulesTests
{
    [Fact]
    public void a_signature_is_that_of_the_standards_own_example()
    {
        var signature = WebhookSigning.Sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            Instant.FromUnixTimeSeconds(1614265330),
            """{"test": 2432232314}"""
        );

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature);
    }

    [Fact]
    public void every_event_that_is_told_of_is_in_the_catalogue()
    {
        Assert.All(NoticeTypes.ByEvent.Keys, name => Assert.Contains(name, EventCatalogue.TypesByName.Keys));
    }

    [Fact]
    public void an_approval_is_told_to_the_learner_the_receiver_and_each_issuer_once()
    {
        var told = new ToldEvent(
            Guid.Parse("0190b3c4-0000-7000-8000-000000000001"),
            "transfer_approved",
            "trf-1",
            null,
            Instant.FromUnixTimeSeconds(0)
        );

        var notices = NoticeRules.Of(told, new Concerned("acc-1", "shou", ["fudan", "shou"])).ToList();

        Assert.Equal(["acc-1", "shou", "fudan"], notices.Select(notice => notice.RecipientId));
        Assert.All(notices, notice => Assert.Equal("transfer.approved", notice.Type));
        Assert.Equal(3, notices.Select(notice => notice.Id).Distinct().Count());
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:192.168.0.1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    public void only_public_addresses_are_reached(string address, bool isPublic)
    {
        Assert.Equal(isPublic, PublicAddress.Is(IPAddress.Parse(address)));
    }
}
