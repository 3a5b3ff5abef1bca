namespace CreditBank.Api.Transfers;

/// <summary>The states of a transfer.</summary>
public static class TransferStates
{
    /// <summary>Proposed; an evaluator or approver is next.</summary>
    public const string Evaluated = "evaluated";

    /// <summary>The learner is next.</summary>
    public const string InformationRequested = "informationRequested";

    /// <summary>Everything that could be was approved and posted.</summary>
    public const string Approved = "approved";

    /// <summary>Some lines were approved and posted, others left out.</summary>
    public const string PartlyApproved = "partlyApproved";

    /// <summary>Sent back; a new transfer may name it.</summary>
    public const string Returned = "returned";

    /// <summary>Refused.</summary>
    public const string Rejected = "rejected";

    /// <summary>Taken back by the learner.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>Nobody decided while its credit was held.</summary>
    public const string Lapsed = "lapsed";

    /// <summary>All states.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        Evaluated,
        InformationRequested,
        Approved,
        PartlyApproved,
        Returned,
        Rejected,
        Withdrawn,
        Lapsed,
    ];

    /// <summary>Whether credit is held and a decision is still to come.</summary>
    public static bool IsOpen(string state) => state is Evaluated or InformationRequested;
}
