using System.Collections.Immutable;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Tenants;

/// <summary>Who may become a member, and who may not stop being one: a workspace that has an Admin always keeps one, if need be one who may nothing until there is another. And when nothing is released in it.</summary>
public static class WorkspaceMachine
{
    /// <summary>A link that lies in a mailbox for longer is one that somebody else finds.</summary>
    private static readonly TimeSpan LongestInvitation = TimeSpan.FromDays(30);

    /// <summary>All of them are in the one row that every member is looked up in.</summary>
    private const int MostInvitations = 500;

    public static Decision<WorkspaceEvent> Decide(Workspace? state, string key, WorkspaceCommand command, DateTimeOffset now) => (state, command) switch
    {
        (_, SetMember { Roles.IsDefaultOrEmpty: true }) => Refuse("member.no-role", "No role", "A member is at least a Viewer.", "Name one or more of: " + string.Join(", ", Enum.GetNames<Role>()), RejectionKind.Invalid),
        (_, SetWorkspaceFreeze c) => Freeze(state, key, c, now),
        (null or { Members.Count: 0 }, SetMember c) when !c.Roles.Contains(Role.Admin) => Refuse("member.first-is-admin", "The first member is an Admin", "Otherwise nobody could add the next.", $"Make {c.Member} an Admin", RejectionKind.Invalid),
        (_, SetMember c) => Set(state, key, c.Member.Id, c.Roles, now, c),
        (null or { Members.Count: 0 }, _) => Refuse("workspace.no-members", "No members yet", "Nobody has been made a member of this workspace.", "Make yourself its Admin: prodsprint members set NAME --role Admin", RejectionKind.NotFound),
        ({ } w, RemoveMember c) => Remove(w, c),
        ({ } w, DismissMember c) => Dismiss(w, c, now),
        ({ } w, InviteMember c) => Invite(w, c, now),
        ({ } w, AcceptInvitation c) => Accept(w, key, c, now),
        ({ } w, WithdrawInvitation c) => w.Invitations.FirstOrDefault(i => i.Value.Id == c.Id) is { Value: { } open } found
            ? Decision<WorkspaceEvent>.Of(new InvitationClosed(found.Key, open.Id, "withdrawn", c.By.Id, c.Reason))
            : Refuse("invitation.not-found", "No such invitation", $"There is no open invitation '{c.Id}'.", "List them: prodsprint members list", RejectionKind.NotFound),
        _ => Decision<WorkspaceEvent>.Nothing,
    };

    public static Workspace Apply(Workspace? state, WorkspaceEvent happened) => happened switch
    {
        MemberSet e => (state ?? new() { Name = e.Workspace }) is var w ? w with { Members = w.Members.SetItem(e.Member.Actor, e.Member) } : null!,
        MemberRemoved e => state! with { Members = state.Members.Remove(e.Actor) },
        MemberSuspended e => state! with { Members = state.Members.SetItem(e.Actor, state.Members[e.Actor] with { SuspendedAt = e.At }) },
        MemberInvited e => state! with { Invitations = state.Invitations.SetItem(e.SecretDigest, e.Invitation) },
        WorkspaceFreezeSet e => (state ?? new() { Name = e.Workspace }) with { Freeze = new(e.Revision, e.Windows, e.By, e.Reason) },
        InvitationClosed e => state! with { Invitations = state.Invitations.Remove(e.SecretDigest) },
        _ => throw new InvalidOperationException($"Apply does not know {happened.GetType().Name}"),
    };

    private static Decision<WorkspaceEvent> Set(Workspace? w, string key, string actor, ImmutableArray<Role> roles, DateTimeOffset now, WorkspaceCommand c)
    {
        ImmutableArray<Role> wanted = [.. roles.Distinct().Order()];
        var before = w?.Members.GetValueOrDefault(actor);
        if (before is { SuspendedAt: null } && before.Roles.SequenceEqual(wanted))
            return Refuse("member.same-roles", "Already so", $"{actor} is {Text(wanted)} already.", "See the members: prodsprint members list");
        if (before is not null && !wanted.Contains(Role.Admin) && IsLastAdmin(w!, actor))
        {
            if (before.SuspendedAt is null) return LastAdmin(actor);
            // Who comes back while there is no other Admin comes back as one.
            wanted = before.Roles;
        }
        return Decision<WorkspaceEvent>.Of([.. Made(w, key, new(actor, wanted, before?.AddedBy ?? c.By.Id, before?.AddedAt ?? now), c)], []);
    }

    /// <summary>As soon as somebody else is an Admin, whoever was kept only for being the last one goes.</summary>
    private static IEnumerable<WorkspaceEvent> Made(Workspace? w, string key, Member member, WorkspaceCommand c)
    {
        yield return new MemberSet(GrainKeys.Workspace(key), member, c.By.Id, c.Reason);
        if (w is null || !member.Roles.Contains(Role.Admin)) yield break;
        foreach (var kept in w.Members.Values.Where(m => m.SuspendedAt is not null && m.Actor != member.Actor)) yield return new MemberRemoved(kept.Actor, c.By.Id, c.Reason);
    }

    private static Decision<WorkspaceEvent> Dismiss(Workspace w, DismissMember c, DateTimeOffset now) => w.Members.GetValueOrDefault(c.Member.Id) switch
    {
        null => Remove(w, new(c.Member, c.By, c.Reason)),
        { SuspendedAt: not null } => Decision<WorkspaceEvent>.Nothing,
        _ when IsLastAdmin(w, c.Member.Id) => Decision<WorkspaceEvent>.Of(new MemberSuspended(c.Member.Id, now, c.By.Id, c.Reason)),
        _ => Decision<WorkspaceEvent>.Of(new MemberRemoved(c.Member.Id, c.By.Id, c.Reason)),
    };

    private static Decision<WorkspaceEvent> Remove(Workspace w, RemoveMember c)
    {
        if (!w.Members.ContainsKey(c.Member.Id))
            return Refuse("member.not-found", "No such member", $"{c.Member} is no member of {w.Name}.", "See the members: prodsprint members list", RejectionKind.NotFound);
        return IsLastAdmin(w, c.Member.Id) ? LastAdmin(c.Member.Id) : Decision<WorkspaceEvent>.Of(new MemberRemoved(c.Member.Id, c.By.Id, c.Reason));
    }

    private static Decision<WorkspaceEvent> Invite(Workspace w, InviteMember c, DateTimeOffset now)
    {
        if (c.Roles.IsDefaultOrEmpty) return Refuse("member.no-role", "No role", "A member is at least a Viewer.", "Name a role", RejectionKind.Invalid);
        if (c.Expires <= now || c.Expires > now + LongestInvitation)
            return Refuse("invitation.bad-expiry", "Not an expiry", $"An invitation ends within {LongestInvitation.TotalDays:0} days.", "Choose a nearer time that is not past", RejectionKind.Invalid);
        if (w.Invitations.ContainsKey(c.SecretDigest) || w.Invitations.Values.Any(i => i.Id == c.Id))
            return Refuse("invitation.exists", "Already there", $"There is an invitation '{c.Id}' already.", "Withdraw it first, or choose another id");
        var over = w.Invitations.Where(i => i.Value.Expires <= now).ToList();
        if (w.Invitations.Count - over.Count >= MostInvitations)
            return Refuse("invitation.too-many", "Too many invitations", $"{MostInvitations} are open.", "Withdraw those that nobody will accept");
        return Decision<WorkspaceEvent>.Of(
            [.. over.Select(i => new InvitationClosed(i.Key, i.Value.Id, "expired", c.By.Id, null)), new MemberInvited(c.SecretDigest, new(c.Id, [.. c.Roles.Distinct().Order()], c.By.Id, c.Expires), c.By.Id, c.Reason)], []);
    }

    /// <summary>The same answer for an invitation that never was, was used, withdrawn or has expired: who guesses learns nothing.</summary>
    private static Decision<WorkspaceEvent> Accept(Workspace w, string key, AcceptInvitation c, DateTimeOffset now)
    {
        if (w.Invitations.GetValueOrDefault(c.SecretDigest) is not { } open || open.Expires <= now)
            return Refuse("invitation.not-valid", "Not valid", "This invitation is not, or no longer, valid.", "Ask for a new one", RejectionKind.NotFound);
        var closed = new InvitationClosed(c.SecretDigest, open.Id, "accepted", c.By.Id, c.Reason);
        // What someone already is stays: an invitation only ever adds.
        var before = w.Members.GetValueOrDefault(c.By.Id);
        if (before is { SuspendedAt: not null }) return Refuse("invitation.not-valid", "Not valid", "This invitation is not, or no longer, valid.", "Ask for a new one", RejectionKind.NotFound);
        ImmutableArray<Role> roles = [.. (before?.Roles ?? []).Concat(open.Roles).Distinct().Order()];
        return Decision<WorkspaceEvent>.Of(
            [.. Made(w, key, new(c.By.Id, roles, before?.AddedBy ?? open.InvitedBy, before?.AddedAt ?? now), c), closed], []);
    }

    /// <summary>Each project is told by a job: it is asked for with this very write, and goes on after a crash.</summary>
    private static Decision<WorkspaceEvent> Freeze(Workspace? w, string key, SetWorkspaceFreeze c, DateTimeOffset now) => FreezeChecks.Windows(c.Windows) is { } no
        ? Decision<WorkspaceEvent>.Refuse(no)
        : Decision<WorkspaceEvent>.Of(
            new WorkspaceFreezeSet(GrainKeys.Workspace(key), (w?.Freeze?.Revision ?? 0) + 1, FreezeCalendar.From(c.Windows, now), c.By.Id, c.Reason),
            new EnqueueJob(TenantJobs.Freeze, KernelJson.Write(new FreezeRequest(GrainKeys.Workspace(key))), TimeSpan.FromMinutes(10), MaxAttempts: 50, Group: key));

    private static bool IsLastAdmin(Workspace w, string actor) =>
        w.Members[actor].Roles.Contains(Role.Admin) && w.Members.Values.Count(m => m.Roles.Contains(Role.Admin)) == 1;

    private static Decision<WorkspaceEvent> LastAdmin(string actor) =>
        Refuse("member.last-admin", "The last Admin", $"Without {actor} nobody could say who may what.", "Make someone else an Admin first");

    internal static string Text(ImmutableArray<Role> roles) => string.Join(" and ", roles);

    private static Decision<WorkspaceEvent> Refuse(string code, string title, string detail, string next, RejectionKind kind = RejectionKind.Conflict) =>
        Decision<WorkspaceEvent>.Refuse(new(code, title, detail, next, kind));
}
