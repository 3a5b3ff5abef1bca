using CreditBank.Kernel;

namespace CreditBank.Api.Access;

/// <summary>
/// Who calls, taken from the bearer token. The subject stays in memory; what is written down is
/// <see cref="ActorId"/>, which only the bank's lookup key ties to it.
/// </summary>
/// <param name="ActorId">A pseudonymous id, the same for the same subject of the same issuer.</param>
/// <param name="Roles">The roles of the token.</param>
/// <param name="InstitutionId">The institution an institutional role acts for.</param>
/// <param name="AccountId">The learner's own account, from the token or bound to its subject.</param>
public sealed record Caller(string ActorId, IReadOnlySet<string> Roles, string? InstitutionId, string? AccountId)
{
    /// <summary>Nobody: the caller brought no token.</summary>
    public static readonly Caller Anonymous = new("anonymous", new HashSet<string>(), null, null);

    /// <summary>Whether the token carries the role.</summary>
    public bool Is(string role) => Roles.Contains(role);

    /// <summary>Whether the token carries the role and acts for that institution.</summary>
    public bool Is(string role, string? institutionId) =>
        institutionId is not null
        && Is(role)
        && (InstitutionId == institutionId || Predecessors.Contains(institutionId));

    /// <summary>The institutions that became part of the caller's own, for which it answers now.</summary>
    public IReadOnlySet<string> Predecessors { get; init; } = new HashSet<string>();

    /// <summary>Whether the caller acts for an institution: its own, or one that became part of it.</summary>
    public bool ActsFor(string institutionId) =>
        ActingInstitution is { } own && (own == institutionId || Predecessors.Contains(institutionId));

    /// <summary>
    /// Whether the token names an institution and this is it, or one that became part of it; whatever the role.
    /// </summary>
    public bool BelongsTo(string institutionId) =>
        InstitutionId is { } own && (own == institutionId || Predecessors.Contains(institutionId));

    /// <summary>
    /// The institution the token names and those that became part of it, for lists; none without one.
    /// </summary>
    public string[] OwnInstitutions => InstitutionId is { } own ? [own, .. Predecessors] : [];

    /// <summary>The institution the caller acts for; none without a role that acts for one.</summary>
    public string? ActingInstitution => Roles.Overlaps(CallerRoles.Institutional) ? InstitutionId : null;

    /// <summary>The institutions the caller acts for, for lists; none without a role that acts for one.</summary>
    public string[] ActingInstitutions => ActingInstitution is { } own ? [own, .. Predecessors] : [];

    /// <summary>An account that was merged into the learner's own; none unless the request asked for it.</summary>
    public string? AbsorbedId { get; init; }

    /// <summary>Whether this is the learner whose account it is.</summary>
    public bool Owns(string accountId) =>
        Is(CallerRoles.Learner) && (AccountId == accountId || AbsorbedId == accountId);

    /// <summary>Nothing when one of the roles is there, otherwise the refusal that names them.</summary>
    public Refusal? Lacks(params ReadOnlySpan<string> roles)
    {
        foreach (var role in roles)
        {
            if (Is(role))
            {
                return null;
            }
        }

        return AccessRefusals.Role(roles);
    }
}

/// <summary>The roles a token can carry.</summary>
public static class CallerRoles
{
    /// <summary>Runs the bank: registers institutions, opens accounts.</summary>
    public const string Operator = "operator";

    /// <summary>A service point: opens accounts and binds subjects.</summary>
    public const string Branch = "branch";

    /// <summary>A university's registry: transcripts, programmes.</summary>
    public const string Registry = "registry";

    /// <summary>A training provider: certificate claims.</summary>
    public const string Provider = "provider";

    /// <summary>Checks certificate claims.</summary>
    public const string Verifier = "verifier";

    /// <summary>Decides the lines that rules leave to a person.</summary>
    public const string Evaluator = "evaluator";

    /// <summary>Approves, returns or rejects transfers.</summary>
    public const string Approver = "approver";

    /// <summary>Decides appeals.</summary>
    public const string Panel = "panel";

    /// <summary>Drafts rule sets.</summary>
    public const string RuleEditor = "ruleEditor";

    /// <summary>Publishes rule sets that another person drafted.</summary>
    public const string RuleApprover = "ruleApprover";

    /// <summary>Owns an account.</summary>
    public const string Learner = "learner";

    /// <summary>Reads everything, changes nothing, replays the ledger.</summary>
    public const string Auditor = "auditor";

    /// <summary>All roles.</summary>
    public static readonly IReadOnlySet<string> All = new HashSet<string>
    {
        Operator,
        Branch,
        Registry,
        Provider,
        Verifier,
        Evaluator,
        Approver,
        Panel,
        RuleEditor,
        RuleApprover,
        Learner,
        Auditor,
    };

    /// <summary>
    /// The roles that can belong to an institution: what became part of it is theirs too. A panel and a verifier
    /// without an institution are the bank's.
    /// </summary>
    public static readonly IReadOnlySet<string> OfInstitutions = new HashSet<string>
    {
        Registry,
        Provider,
        Evaluator,
        Approver,
        Panel,
        Verifier,
    };

    /// <summary>The roles that act for one institution and are nothing without it.</summary>
    public static readonly IReadOnlySet<string> Institutional = new HashSet<string>
    {
        Registry,
        Provider,
        Evaluator,
        Approver,
    };
}

/// <summary>The refusals of access, worded once.</summary>
public static class AccessRefusals
{
    /// <summary>The token lacks the role: 403.</summary>
    public static Refusal Role(params ReadOnlySpan<string> roles)
    {
        var list = string.Join(", ", roles!);
        return new Refusal(
            "access.role",
            RefusalKind.Forbidden,
            new BilingualText($"需要以下角色之一：{list}。", $"This needs one of the roles: {list}.")
        );
    }

    /// <summary>The token acts for another institution: 403.</summary>
    public static readonly Refusal Institution = new(
        "access.institution",
        RefusalKind.Forbidden,
        new BilingualText("只能代表本机构操作。", "You may act for your own institution only.")
    );

    /// <summary>Four eyes: who had a hand in it before may not decide it: 403.</summary>
    public static readonly Refusal FourEyes = new(
        "access.fourEyes",
        RefusalKind.Forbidden,
        new BilingualText("提交或评估过的人不能再作此决定。", "Who submitted or evaluated it may not decide it.")
    );

    /// <summary>Four eyes: nobody decides about the own account: 403.</summary>
    public static readonly Refusal OwnAccount = new(
        FourEyes.Code,
        RefusalKind.Forbidden,
        new BilingualText("不能就本人账户作此决定。", "Nobody decides about their own account.")
    );

    /// <summary>There is no such thing, or the caller may not know of it: 404.</summary>
    public static Refusal Unknown(string what) =>
        new(
            $"{what}.unknown",
            RefusalKind.Unknown,
            new BilingualText("不存在，或您无权知晓。", "There is no such thing, or not for you.")
        );
}
