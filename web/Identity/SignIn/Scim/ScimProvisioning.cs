using ProdSprint.Audit;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>What a directory's word leads to here: accounts, memberships by groups, and the end of both. Deactivation ends sessions and tokens first: what follows may fail, and then the directory tries again.</summary>
public sealed class ScimProvisioning(Accounts accounts, Sessions sessions, AccessTokens tokens, SignInMembers members, ScimDirectory directory, AuditLog log)
{
    private const string Why = "SCIM";

    /// <summary>Whoever has come by this connection under that name before, else a new account.</summary>
    public async Task<string> AccountAsync(Connection of, Guid id, string userName, string? externalId, string? email, string? name, CancellationToken cancellation)
    {
        foreach (var subject in (string?[])[externalId, userName])
            if (subject is not null && await accounts.OwnerAsync(of.Id, subject, cancellation) is { } owner) return owner;
        var verified = email is not null && of.Rules.Domains.Any(d => email.EndsWith("@" + d, StringComparison.OrdinalIgnoreCase));
        return (await accounts.FindOrCreateAsync(new(of.Id, $"scim:{id:N}", name ?? userName.Split('@')[0], email, verified), cancellation)).Id;
    }

    /// <summary>Who a request was about, for its row in the audit log.</summary>
    private sealed record Concerned(string Account);

    public async Task ApplyAsync(HttpContext http, Connection of, ScimUser user, CancellationToken cancellation)
    {
        http.Features.Set(new Concerned(user.Account));
        if (!user.Active)
        {
            await EndAsync(http, of, user.Account, cancellation);
            return;
        }
        await members.ApplyAsync(http, of.Rules, By(of), user.Account, await directory.GroupsAsync(of.Workspace, of.Id, user.Id, cancellation), Why);
    }

    public async Task EndAsync(HttpContext http, Connection of, string account, CancellationToken cancellation)
    {
        http.Features.Set(new Concerned(account));
        await sessions.EndAllAsync(account, "deactivated", cancellation: cancellation);
        await tokens.RevokeAllAsync(of.Workspace, account, cancellation);
        await members.EndAsync(http, of.Workspace, By(of), account, Why);
    }

    private static string By(Connection of) => $"scim:{of.Id}";

    /// <summary>Those who came and those who went.</summary>
    public async Task ApplyAsync(HttpContext http, Connection of, IEnumerable<Guid> users, CancellationToken cancellation)
    {
        foreach (var id in users)
            if (await directory.UserAsync(of, id, cancellation) is { Active: true } user) await ApplyAsync(http, of, user, cancellation);
    }

    public Task RecordAsync(HttpContext http, Connection of, string action, string outcome)
    {
        var agent = http.Request.Headers.UserAgent.ToString();
        return log.AppendAsync(of.Workspace, new(
            Actor.System("scim").Id, By(of), action, $"connections/{of.Id}{http.Request.Path}", outcome, null, null,
            http.Features.Get<Concerned>() is { Account: var account } ? $"account {account}" : null, RequestId.Of(http),
            http.Connection.RemoteIpAddress?.ToString(), agent.Length > 200 ? agent[..200] : agent), CancellationToken.None);
    }
}
