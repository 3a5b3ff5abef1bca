namespace CreditBank.Tidy.Reading;

/// <summary>
/// C# split into code, comments and literals. Each view is as long as the source and has the same line breaks; what
/// does not belong to the view is blank, so that a place in a view is the same place in the file.
/// </summary>
internal sealed class SourceText
{
    private readonly string text;
    private readonly SourcePart[] parts;

    public SourceText(string text)
    {
        this.text = text;
        parts = SourceScanner.Scan(text);
        Code = View(SourcePart.Code);
        Comments = View(SourcePart.Comment);
        Literals = View(SourcePart.Literal);
    }

    /// <summary>Code, the code inside interpolated strings included.</summary>
    public string Code { get; }

    /// <summary>Comments with their slashes.</summary>
    public string Comments { get; }

    /// <summary>Strings and characters with their quotes, without the code inside interpolated strings.</summary>
    public string Literals { get; }

    private string View(SourcePart part) =>
        string.Create(
            text.Length,
            part,
            (view, wanted) =>
            {
                for (var i = 0; i < view.Length; i++)
                {
                    view[i] = parts[i] == wanted || text[i] is '\n' or '\r' ? text[i] : ' ';
                }
            }
        );
}

/// <summary>What a character of C# belongs to.</summary>
internal enum SourcePart
{
    Code,
    Comment,
    Literal,
}
