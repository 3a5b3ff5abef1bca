using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>Where credit that was used once still counts as free (RK-43).</summary>
public static class SpendScopes
{
    /// <summary>Used once, used everywhere.</summary>
    public const string Global = "global";

    /// <summary>Used within one programme only; another programme sees it whole.</summary>
    public const string PerProgramme = "perProgramme";

    /// <summary>Used up in other programmes when an award is conferred, and not before.</summary>
    public const string OnAward = "onAward";

    /// <summary>What of an outcome is spent, seen from a programme, in the outcome's unit.</summary>
    /// <param name="uses">Its earlier conversions.</param>
    /// <param name="scope">One of the scopes above.</param>
    /// <param name="programme">The programme that asks.</param>
    public static Credits Spent(IReadOnlyList<UseFacts> uses, string scope, ProgrammeFacts programme)
    {
        var spent = Credits.Zero;
        foreach (var use in uses)
        {
            var here = use.InstitutionId == programme.InstitutionId && use.ProgrammeId == programme.ProgrammeId;
            if (here || scope == Global || (scope == OnAward && use.Conferred))
                spent += use.Amount;
        }

        return spent;
    }
}
