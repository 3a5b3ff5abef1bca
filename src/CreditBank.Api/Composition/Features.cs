using CreditBank.Api.Accounts;
using CreditBank.Api.AuditLog;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Institutions;
using CreditBank.Api.RuleSets;
using Marten;

namespace CreditBank.Api.Composition;

/// <summary>Every feature's module, once.</summary>
internal static class Features
{
    public static void Register(StoreOptions options)
    {
        options.Schema.For<BookPlan>();
        options.Schema.For<Person>();
        options.Schema.For<IdentityClaim>();
        options.Schema.For<SubjectBinding>();
        options.Schema.For<Note>();
        AccountsModule.Register(options);
        AuditLogModule.Register(options);
        InstitutionsModule.Register(options);
        RuleSetsModule.Register(options);
    }
}
