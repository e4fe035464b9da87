using System.Collections.Frozen;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>What has to be known of a token at every request.</summary>
/// <param name="Workspace">The only one it is good in.</param>
/// <param name="Service">Acts as <c>service:NAME</c>, else for the account that made it.</param>
/// <param name="Permissions">It has no others; a person's token also none that the person does not have at that moment.</param>
/// <param name="Over">Revoked, or its account disabled.</param>
/// <param name="Factor">The person it acts for has a second factor; false for a service, which can have none.</param>
public sealed record TokenFacts(string Id, string Workspace, bool Service, string Owner, FrozenSet<string> Permissions, DateTimeOffset EndsAt, bool Over, bool Factor)
{
    public Actor Actor => Service ? new($"service:{Owner}") : Actor.User(Owner);

    /// <summary>As it stands in the audit log.</summary>
    public string Credential => $"token:{Id}";
}
