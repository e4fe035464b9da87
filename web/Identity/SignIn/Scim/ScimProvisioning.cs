using ProdSprint.Audit;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>What a directory's word leads to here: accounts, memberships by groups, and the end of both. Deactivation ends the sessions first: what follows may fail, and then the directory tries again.</summary>
public sealed class ScimProvisioning(Accounts accounts, Sessions sessions, SignInMembers members, ScimDirectory directory, AuditLog log)
{
    private const string Why = "SCIM";

    /// <summary>Whoever has come by this connection under that name before, else a new account.</summary>
    public async Task<string> AccountAsync(Connection of, Guid id, string userName, string? externalId, string? email, string? name, CancellationToken cancellation)
    {
        foreach (var subject in (string?[])[externalId, userName])
            if (subject is not null && await accounts.OwnerAsync(of.Id, subject, cancellation) is { } owner) return owner;
        var verified = email is not null && of.Domains.Any(d => email.EndsWith("@" + d.Domain, StringComparison.OrdinalIgnoreCase));
        return (await accounts.FindOrCreateAsync(new(of.Id, $"scim:{id:N}", name ?? userName.Split('@')[0], email, verified), cancellation)).Id;
    }

    public async Task ApplyAsync(Connection of, ScimUser user, CancellationToken cancellation)
    {
        if (!user.Active)
        {
            await EndAsync(of, user.Account, cancellation);
            return;
        }
        await members.ApplyAsync(of.Rules, user.Account, await directory.GroupsAsync(of.Workspace, of.Id, user.Id, cancellation), Why);
    }

    public async Task EndAsync(Connection of, string account, CancellationToken cancellation)
    {
        await sessions.EndAllAsync(account, "deactivated", cancellation: cancellation);
        await members.EndAsync(of.Workspace, account, Why);
    }

    /// <summary>Those who came and those who went.</summary>
    public async Task ApplyAsync(Connection of, IEnumerable<Guid> users, CancellationToken cancellation)
    {
        foreach (var id in users)
            if (await directory.UserAsync(of, id, cancellation) is { } user) await ApplyAsync(of, user, cancellation);
    }

    public Task RecordAsync(HttpContext http, Connection of, string action, string outcome)
    {
        var agent = http.Request.Headers.UserAgent.ToString();
        return log.AppendAsync(of.Workspace, new(
            Actor.System("scim").Id, $"scim:{of.Id}", action, $"connections/{of.Id}{http.Request.Path}", outcome, null, null, null, RequestId.Of(http),
            http.Connection.RemoteIpAddress?.ToString(), agent.Length > 200 ? agent[..200] : agent), CancellationToken.None);
    }
}
