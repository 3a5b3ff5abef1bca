using CreditBank.Api.Accounts;
using CreditBank.Api.Audit;
using CreditBank.Api.AuditLog;
using CreditBank.Api.Awards;
using CreditBank.Api.Claims;
using CreditBank.Api.Erasure;
using CreditBank.Api.Evidence;
using CreditBank.Api.Expiry;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Institutions;
using CreditBank.Api.LearningAgreements;
using CreditBank.Api.Merges;
using CreditBank.Api.Notices;
using CreditBank.Api.Outcomes;
using CreditBank.Api.PriorLearning;
using CreditBank.Api.Programmes;
using CreditBank.Api.RuleSets;
using CreditBank.Api.Transcripts;
using CreditBank.Api.Transfers;
using Marten;

namespace CreditBank.Api.Composition;

/// <summary>Every feature's module, once.</summary>
internal static class Features
{
    public static void Register(StoreOptions options)
    {
        options.Schema.For<BookPlan>();
        options.Schema.For<KeyRing>();
        options.Schema.For<Person>();
        options.Schema.For<IdentityClaim>();
        options.Schema.For<SubjectBinding>().Index(binding => binding.AccountId);
        options.Schema.For<Note>().Index(note => note.AccountId);
        AccountsModule.Register(options);
        AuditLogModule.Register(options);
        AuditModule.Register(options);
        AwardsModule.Register(options);
        ClaimsModule.Register(options);
        EveryEvent.Register(options);
        EvidenceModule.Register(options);
        ExpiryModule.Register(options);
        InstitutionsModule.Register(options);
        MergesModule.Register(options);
        NoticesModule.Register(options);
        LearningAgreementsModule.Register(options);
        OutcomesModule.Register(options);
        PriorLearningModule.Register(options);
        ProgrammesModule.Register(options);
        RuleSetsModule.Register(options);
        TranscriptsModule.Register(options);
        TransfersModule.Register(options);
    }

    /// <summary>What features need beside what they keep.</summary>
    public static void Register(IServiceCollection services)
    {
        AwardsModule.Register(services);
        ClaimsModule.Register(services);
        services.AddSingleton<ErasureDesk>();
        EvidenceModule.Register(services);
        InstitutionsModule.Register(services);
        MergesModule.Register(services);
        ExpiryModule.Register(services);
        NoticesModule.Register(services);
        OutcomesModule.Register(services);
        PriorLearningModule.Register(services);
        RuleSetsModule.Register(services);
        TransfersModule.Register(services);
    }
}
