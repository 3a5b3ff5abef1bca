using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Kernel;
using CreditBank.Kernel.Identifiers;
using CreditBank.Rules;
using FluentValidation;

namespace CreditBank.Api.Outcomes;

/// <summary>The shape of a record: what is wrong with it whoever sends it, and when.</summary>
public sealed class RecordBodyValidator : AbstractValidator<RecordBody>
{
    /// <summary>The longest record id, in characters.</summary>
    public const int RecordIdLengthMax = 128;

    /// <summary>The most credits, points or hours one record may carry, inclusive.</summary>
    public static readonly Credits AmountMax = new(100_000m);

    /// <summary>The rules.</summary>
    public RecordBodyValidator()
    {
        RuleFor(record => record.RecordId).Text(RecordIdLengthMax);
        RuleFor(record => record.Revision)
            .Must(revision => revision >= 1)
            .Says("record.revisionNumber", "版本号从 1 开始。", "Revisions count from 1.");
        RuleFor(record => record.Learner).SetValidator(new LearnerBodyValidator());
        RuleFor(record => record.Kind).OneOf(OutcomeKinds.All);
        RuleFor(record => record.CourseCode).Text(64);
        RuleFor(record => record.Title).Text(300);
        RuleFor(record => record.Credits).Must(IsAmount).Says("record.amount", AmountZh, AmountEn);
        RuleFor(record => record.Hours)
            .Must(hours => hours is not { } amount || IsAmount(amount))
            .Says("record.amount", AmountZh, AmountEn);
        RuleFor(record => record.Unit).Text(32);
        RuleFor(record => record.Level)
            .Must(level => level is not { } stated || FieldRules.IsText(stated.Text, 32))
            .Says("field.text", "须为 1 至 32 个字符，不含控制符。", "Must be 1 to 32 characters without controls.");
        RuleFor(record => record.Result).OneOf(OutcomeResults.All);
        RuleFor(record => record.Grade!.Scale).Text(32).When(record => record.Grade is not null);
        RuleFor(record => record.Grade!.Value).Text(32).When(record => record.Grade is not null);
        RuleFor(record => record.StartedOn)
            .Must((record, started) => started is not { } on || on <= record.CompletedOn)
            .Says("record.period", "开始日不得晚于完成日。", "It cannot start after it was completed.");
        RuleFor(record => record.Subject).OptionalText(100);
    }

    private const string AmountZh = "须为 0 至 100000。";
    private const string AmountEn = "Must be from 0 to 100000.";

    private static bool IsAmount(Credits amount) => !amount.IsNegative && amount <= AmountMax;
}

/// <summary>The shape of a learner: an account or a document, and a name that can be one.</summary>
public sealed class LearnerBodyValidator : AbstractValidator<LearnerBody>
{
    /// <summary>The rules.</summary>
    public LearnerBodyValidator()
    {
        RuleFor(learner => learner.AccountId)
            .Must((learner, account) => account is null != learner.Identity is null)
            .Says("learner.oneOf", "账户与证件须且只须给出其一。", "Give the account or the document, one of the two.");
        RuleFor(learner => learner.Identity!)
            .SetValidator(new IdentityBodyValidator())
            .When(learner => learner.Identity is not null);
        RuleFor(learner => learner.Name)
            .Must(name => name is null || PersonName.IsAcceptable(name))
            .Says("person.name", "姓名无效或过长。", "Not a name, or too long.");
    }
}
