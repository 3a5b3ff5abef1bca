using Marten;

namespace CreditBank.Api.Notices;

/// <summary>What this feature keeps.</summary>
internal static class NoticesModule
{
    public static void Register(StoreOptions options)
    {
        options.Schema.For<Notice>().Index(notice => new { notice.RecipientId, notice.Place });
        options.Schema.For<Webhook>().Index(webhook => webhook.InstitutionId);
        options.Schema.For<Delivery>().Index(delivery => new { delivery.WebhookId, delivery.Place });
        options.Schema.For<NoticeProgress>().UseNumericRevisions(true);
    }

    public static void Register(IServiceCollection services)
    {
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<NoticeFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<NoticeFeed>());
    }
}
