namespace CreditBank.Api.Infrastructure.Http;

/// <summary>A query parameter that an endpoint understands, for the published contract.</summary>
/// <param name="name">The parameter.</param>
/// <param name="says">What it asks for, with its default.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class AsksAttribute(string name, string says) : Attribute
{
    /// <summary>The parameter.</summary>
    public string Name => name;

    /// <summary>What it asks for, with its default.</summary>
    public string Says => says;

    /// <summary>The JSON Schema format, such as <c>date</c>; none for any text.</summary>
    public string? Format { get; init; }

    /// <summary>Whether it is a whole number.</summary>
    public bool IsNumber { get; init; }

    /// <summary>Whether the request is refused without it.</summary>
    public bool IsRequired { get; init; }
}

/// <summary>
/// The endpoint answers as of two clocks: <c>?knownAt=</c> and <c>?effectiveOn=</c> (<see cref="AsOf"/>).
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AsksAsOfAttribute : Attribute;

/// <summary>The endpoint answers as of the first of them only: <c>?knownAt=</c> (<see cref="AsOf"/>).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AsksKnownAtAttribute : Attribute;

/// <summary>
/// The endpoint answers with a part of a list: <c>?limit=</c> and <c>?cursor=</c> (<see cref="Page"/>).
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AsksPageAttribute : Attribute;

/// <summary>The endpoint honours <c>If-Match</c> (<see cref="Preconditions"/>).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HonoursIfMatchAttribute : Attribute;

/// <summary>Problem codes an endpoint answers with, beyond those that every endpoint of its kind has.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="codes">The stable codes.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class RefusesAttribute(int status, params string[] codes) : Attribute
{
    /// <summary>Stands for the codes that clauses of a rule set give.</summary>
    public const string OfARule = "*";

    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>The stable codes.</summary>
    public IReadOnlyList<string> Codes => codes;
}
