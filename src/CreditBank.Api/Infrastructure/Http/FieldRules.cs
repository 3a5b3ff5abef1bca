using System.Text;
using System.Text.Json;
using CreditBank.Kernel;
using FluentValidation;
using FluentValidation.Results;

namespace CreditBank.Api.Infrastructure.Http;

/// <summary>How validators speak: a stable code and a text in both languages for each rule.</summary>
public static class FieldRules
{
    /// <summary>Names what is wrong when the rule before fails.</summary>
    public static IRuleBuilderOptions<T, TProperty> Says<T, TProperty>(
        this IRuleBuilderOptions<T, TProperty> rule,
        string code,
        string zh,
        string en
    ) => rule.WithErrorCode(code).WithState(_ => new BilingualText(zh, en)).WithMessage(en);

    /// <summary>
    /// A short text: there, not blank, within the length, without control characters, direction marks or broken
    /// surrogates.
    /// </summary>
    public static IRuleBuilderOptions<T, string> Text<T>(this IRuleBuilder<T, string> rule, int lengthMax) =>
        rule.Must(text => IsText(text, lengthMax))
            .Says(
                "field.text",
                $"须为 1 至 {lengthMax} 个字符，不含控制符。",
                $"Must be 1 to {lengthMax} characters without control characters."
            );

    /// <summary>The same for a text that may be missing.</summary>
    public static IRuleBuilderOptions<T, string?> OptionalText<T>(this IRuleBuilder<T, string?> rule, int lengthMax) =>
        rule.Must(text => text is null || IsText(text, lengthMax))
            .Says(
                "field.text",
                $"须为 1 至 {lengthMax} 个字符，不含控制符。",
                $"Must be 1 to {lengthMax} characters without control characters."
            );

    /// <summary>
    /// An id that people chose: letters, digits, <c>.</c>, <c>_</c>, <c>-</c>; 1 to 64, first a letter or digit.
    /// </summary>
    public static IRuleBuilderOptions<T, string> Slug<T>(this IRuleBuilder<T, string> rule) =>
        rule.Must(IsSlug)
            .Says(
                "field.id",
                "须为 1 至 64 个字母、数字、点、下划线或连字符。",
                "Must be 1 to 64 letters, digits, dots, underscores or hyphens."
            );

    /// <summary>One of a list.</summary>
    public static IRuleBuilderOptions<T, string> OneOf<T>(
        this IRuleBuilder<T, string> rule,
        IReadOnlyCollection<string> allowed
    )
    {
        var list = string.Join(", ", allowed);
        return rule.Must(allowed.Contains).Says("field.unknown", $"应为以下之一：{list}。", $"Must be one of: {list}.");
    }

    /// <summary>Whether a text is one as <see cref="Text{T}"/> wants it.</summary>
    public static bool IsText(string? text, int lengthMax)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > lengthMax)
        {
            return false;
        }

        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || Rune.IsControl(rune) || IsDirectionMark(rune.Value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a text is an id as <see cref="Slug{T}"/> wants it.</summary>
    public static bool IsSlug(string? id) =>
        id is { Length: >= 1 and <= 64 }
        && char.IsAsciiLetterOrDigit(id[0])
        && id.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-');

    /// <summary>The finding of a validator's failure.</summary>
    internal static FieldFinding ToFinding(ValidationFailure failure) =>
        new(
            PointerOf(failure.PropertyName),
            failure.ErrorCode,
            failure.CustomState as BilingualText ?? new BilingualText(failure.ErrorMessage, failure.ErrorMessage)
        );

    private static bool IsDirectionMark(int codePoint) =>
        codePoint is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F or 0x061C;

    /// <summary><c>Records[0].Learner.AccountId</c> becomes <c>/records/0/learner/accountId</c>.</summary>
    private static string PointerOf(string path)
    {
        if (path.Length == 0)
        {
            return string.Empty;
        }

        var pointer = new StringBuilder();
        foreach (
            var part in path.Replace("[", ".", StringComparison.Ordinal)
                .Replace("]", "", StringComparison.Ordinal)
                .Split('.')
        )
        {
            pointer.Append('/').Append(JsonNamingPolicy.CamelCase.ConvertName(part));
        }

        return pointer.ToString();
    }
}
