using CreditBank.Kernel;

namespace CreditBank.Ledger.Events;

/// <summary>
/// An institution published a version of a programme. Versions count from 1 and never change; decisions cite one.
/// Event of the programme's stream in the registry book.
/// </summary>
/// <param name="InstitutionId">Whose programme it is.</param>
/// <param name="ProgrammeId">The institution's own id of it.</param>
/// <param name="Version">From 1.</param>
/// <param name="Title">Its title.</param>
/// <param name="Level">Its level in the framework.</param>
/// <param name="TotalCredits">What it takes to finish, in standard programme credit.</param>
/// <param name="RuleSetFamily">The family of rule sets that decides, such as <c>sqf</c>.</param>
/// <param name="Courses">Its courses.</param>
public sealed record ProgrammePublished(
    string InstitutionId,
    string ProgrammeId,
    int Version,
    string Title,
    int Level,
    Credits TotalCredits,
    string RuleSetFamily,
    IReadOnlyList<ProgrammeCourse> Courses
);

/// <summary>A course of a programme.</summary>
/// <param name="CourseCode">Unique within the programme.</param>
/// <param name="Title">Its title.</param>
/// <param name="Credits">What it is worth.</param>
/// <param name="Category">Its category, such as <c>public</c>, <c>core</c> or <c>foundation</c>.</param>
/// <param name="Compulsory">Whether everyone must take it.</param>
public sealed record ProgrammeCourse(
    string CourseCode,
    string Title,
    Credits Credits,
    string Category,
    bool Compulsory
);
