using System.Diagnostics.CodeAnalysis;

namespace CreditBank.Kernel;

/// <summary>What a decider answers: a value, or a refusal. Never both, never neither.</summary>
/// <typeparam name="T">What a yes carries, usually events.</typeparam>
public readonly struct Decision<T>
    where T : class
{
    private Decision(T? value, Refusal? refusal)
    {
        Value = value;
        Refusal = refusal;
    }

    /// <summary>The value; none when refused.</summary>
    public T? Value { get; }

    /// <summary>The refusal; none when decided.</summary>
    public Refusal? Refusal { get; }

    /// <summary>Takes the decision apart.</summary>
    /// <returns>True when there is a value.</returns>
    public bool Is([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Refusal? refusal)
    {
        (value, refusal) = (Value, Refusal);
        return value is not null;
    }

    /// <summary>A yes.</summary>
    public static implicit operator Decision<T>(T value) => new(value, null);

    /// <summary>A no.</summary>
    public static implicit operator Decision<T>(Refusal refusal) => new(null, refusal);
}
