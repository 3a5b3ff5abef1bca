namespace CreditBank.Api;

/// <summary>Whether this is a trial on one's own machine or a service for others.</summary>
/// <param name="IsTrial">Embedded database and bound to loopback only; the service is then its own token
/// issuer.</param>
/// <param name="FirstIssuer">The issuer of a subject that is named without one.</param>
public sealed record DeploymentMode(bool IsTrial, string FirstIssuer);
