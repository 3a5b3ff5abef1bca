using CreditBank.Api.Infrastructure.Http;
using CreditBank.Kernel;

namespace CreditBank.Api.Transcripts;

/// <summary>Why rows are suspended or rejected, worded once.</summary>
internal static class RowTexts
{
    public static readonly RowProblem AccountUnknown = Of(
        "record.accountUnknown",
        "没有此账户。",
        "There is no such account."
    );

    public static readonly RowProblem PersonUnknown = Of(
        "record.personUnknown",
        "该人尚无账户；开户后自动入账。",
        "The person has no account yet; the record is posted when one opens."
    );

    public static readonly RowProblem NameMismatch = Of(
        "record.nameMismatch",
        "姓名与该账户不符，记录暂挂。",
        "The name is clearly not that of the account; the record is held back."
    );

    public static readonly RowProblem Conflict = Of(
        "record.conflict",
        "该记录的此版本已以其他内容入账；更正请用更高版本号。",
        "This revision was taken with other content; a correction needs a higher revision."
    );

    public static readonly RowProblem OldRevision = Of(
        "record.revision",
        "已有更高版本。",
        "A higher revision was taken before."
    );

    public static readonly RowProblem LearnerChanged = Of(
        "record.learnerChanged",
        "更正不能改换学习者；请撤回原记录后另行提交。",
        "A correction cannot change the learner; withdraw the record and post another."
    );

    public static readonly RowProblem TooMany = Of(
        "transcript.rowCount",
        "超出所声明的行数。",
        "There are more rows than the header declares."
    );

    public static readonly RowProblem LineTooLong = Of(
        "line.tooLong",
        $"一行不得超过 {LineReader.BytesMax / 1024} KiB。",
        $"A line may not be over {LineReader.BytesMax / 1024} KiB."
    );

    public static readonly RowProblem LineEncoding = Of(
        "line.encoding",
        "不是合格的 UTF-8。",
        "Not well-formed UTF-8."
    );

    /// <summary>
    /// The problem of fields: their own code where one is wrong, <c>record.invalid</c> where several are.
    /// </summary>
    public static RowProblem Fields(IReadOnlyList<FieldFinding> findings)
    {
        RowField[] fields = [.. findings.Select(finding => new RowField(finding.Pointer, finding.Code, finding.Text))];
        return findings is [{ Code: "json.malformed" } malformed] ? new RowProblem("line.malformed", malformed.Text)
            : fields is [var only] ? new RowProblem(only.Code, only.Text, fields)
            : new RowProblem(
                "record.invalid",
                new BilingualText("记录有误，所有问题列于 errors。", "The record is wrong; errors lists everything."),
                fields
            );
    }

    public static RowProblem Of(Refusal refusal) => new(refusal.Code, refusal.Text);

    private static RowProblem Of(string code, string zh, string en) => new(code, new BilingualText(zh, en));
}
