namespace CreditBank.Ledger.Tests;

/// <summary>
/// Published vectors that are not part of the repository: the folder named by CREDITBANK_DATA (rulings 28).
/// </summary>
internal static class ExternalData
{
    public static readonly string? Folder = Environment.GetEnvironmentVariable("CREDITBANK_DATA")
        is { Length: > 0 } data
        ? data
        : null;

    public static string PathOf(params ReadOnlySpan<string> parts) =>
        Path.Combine([Folder ?? throw new InvalidOperationException("CREDITBANK_DATA is not set."), .. parts]);
}

/// <summary>A test that needs such data; without it, it is reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ExternalDataFactAttribute : FactAttribute
{
    public ExternalDataFactAttribute()
    {
        if (ExternalData.Folder is null)
        {
            Skip = "CREDITBANK_DATA does not name the folder of published vectors.";
        }
    }
}
