namespace CreditBank.Api.Tests.Support;

/// <summary>What differs from run to run and is left out of snapshots.</summary>
public static class Scrub
{
    /// <summary>A problem without its trace id.</summary>
    public static VerifySettings Problem
    {
        get
        {
            var settings = new VerifySettings();
            settings.ScrubMember("traceId");
            return settings;
        }
    }
}
