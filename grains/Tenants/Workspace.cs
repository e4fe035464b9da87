using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ProdSprint.Projects;

namespace ProdSprint.Tenants;

/// <summary>The state of a workspace: its members and open invitations, and when nothing is released in it.</summary>
public sealed record Workspace
{
    public required string Name { get; init; }

    /// <summary>By actor id.</summary>
    public ImmutableSortedDictionary<string, Member> Members { get; init; } = ImmutableSortedDictionary.Create<string, Member>(StringComparer.Ordinal);

    /// <summary>By digest of their secret.</summary>
    public ImmutableSortedDictionary<string, Invitation> Invitations { get; init; } = ImmutableSortedDictionary.Create<string, Invitation>(StringComparer.Ordinal);

    /// <summary>Null: never set.</summary>
    public WorkspaceFreeze? Freeze { get; init; }
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "$event")]
[JsonDerivedType(typeof(MemberSet), "member-set")]
[JsonDerivedType(typeof(MemberRemoved), "member-removed")]
[JsonDerivedType(typeof(MemberSuspended), "member-suspended")]
[JsonDerivedType(typeof(MemberInvited), "member-invited")]
[JsonDerivedType(typeof(InvitationClosed), "invitation-closed")]
[JsonDerivedType(typeof(WorkspaceFreezeSet), "freeze-set")]
public abstract record WorkspaceEvent(string By, string? Reason);

public sealed record MemberSet(string Workspace, Member Member, string By, string? Reason) : WorkspaceEvent(By, Reason);

public sealed record MemberRemoved(string Actor, string By, string? Reason) : WorkspaceEvent(By, Reason);

public sealed record MemberSuspended(string Actor, DateTimeOffset At, string By, string? Reason) : WorkspaceEvent(By, Reason);

public sealed record MemberInvited(string SecretDigest, Invitation Invitation, string By, string? Reason) : WorkspaceEvent(By, Reason);

/// <param name="How"><c>accepted</c>, <c>withdrawn</c> or <c>expired</c>.</param>
public sealed record InvitationClosed(string SecretDigest, string Id, string How, string By, string? Reason) : WorkspaceEvent(By, Reason);

public sealed record WorkspaceFreezeSet(string Workspace, long Revision, ImmutableArray<FreezeWindow> Windows, string By, string? Reason) : WorkspaceEvent(By, Reason);
