namespace CreditBank.Verifier;

/// <summary>What a person typed: words, and options with a value or without.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> values = [];
    private readonly HashSet<string> flags = [];

    /// <summary>Takes the arguments apart.</summary>
    /// <param name="args">As the program got them.</param>
    /// <param name="flagNames">Options without a value.</param>
    /// <param name="valueNames">Options with one.</param>
    /// <exception cref="UnusableExportException">An option is not known, or has no value.</exception>
    public Arguments(IReadOnlyList<string> args, IReadOnlyList<string> flagNames, IReadOnlyList<string> valueNames)
    {
        var words = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                words.Add(args[i]);
            }
            else if (flagNames.Contains(args[i]))
            {
                flags.Add(args[i]);
            }
            else if (valueNames.Contains(args[i]) && i + 1 < args.Count)
            {
                values[args[i]] = args[++i];
            }
            else
            {
                throw new UnusableExportException($"{args[i]} is no option here, or has no value behind it.");
            }
        }

        Words = words;
    }

    /// <summary>What is no option.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>Whether an option was given.</summary>
    public bool Has(string flag) => flags.Contains(flag);

    /// <summary>The value of an option; none when it was not given.</summary>
    public string? Of(string name) => values.GetValueOrDefault(name);

    /// <summary>The value of an option that must be given.</summary>
    /// <exception cref="UnusableExportException">It was not.</exception>
    public string Required(string name) => Of(name) ?? throw new UnusableExportException($"{name} is missing.");
}
