using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Tenants;

/// <summary>Who belongs to a workspace, and as what: <c>workspace/{workspace}</c>.</summary>
[Alias("tenants.IWorkspaceGrain")]
public interface IWorkspaceGrain : IGrainWithStringKey, IJobOwner, ICommandTarget
{
    [Alias("Do")]
    Task<CommandResult> Do(WorkspaceCommand command);

    /// <summary>Null: nobody has been made a member yet, and nothing else has been said of it.</summary>
    [Alias("View")]
    Task<WorkspaceView?> View();

    /// <summary>When nothing is released in any of its projects; null: that was never said.</summary>
    [Alias("Freeze")]
    Task<WorkspaceFreeze?> Freeze();
}

[GenerateSerializer, Immutable, Alias("tenants.WorkspaceCommand")]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$command")]
[JsonDerivedType(typeof(SetMember), "set-member")]
[JsonDerivedType(typeof(RemoveMember), "remove-member")]
[JsonDerivedType(typeof(DismissMember), "dismiss-member")]
[JsonDerivedType(typeof(InviteMember), "invite")]
[JsonDerivedType(typeof(AcceptInvitation), "accept-invitation")]
[JsonDerivedType(typeof(WithdrawInvitation), "withdraw-invitation")]
[JsonDerivedType(typeof(SetWorkspaceFreeze), "freeze")]
public abstract record WorkspaceCommand([property: Id(0)] Actor By, [property: Id(1)] string? Reason);

/// <summary>Makes someone a member or changes what they are. The first member of a workspace has to be an Admin.</summary>
[GenerateSerializer, Immutable, Alias("tenants.SetMember")]
public sealed record SetMember([property: Id(0)] Actor Member, [property: Id(1)] ImmutableArray<Role> Roles, Actor By, string? Reason) : WorkspaceCommand(By, Reason);

[GenerateSerializer, Immutable, Alias("tenants.RemoveMember")]
public sealed record RemoveMember([property: Id(0)] Actor Member, Actor By, string? Reason) : WorkspaceCommand(By, Reason);

/// <summary>Where people come from has sent them away: the membership ends. The last Admin's is suspended instead, until somebody else is one, or they come back.</summary>
[GenerateSerializer, Immutable, Alias("tenants.DismissMember")]
public sealed record DismissMember([property: Id(0)] Actor Member, Actor By, string? Reason) : WorkspaceCommand(By, Reason);

/// <param name="Id">Chosen by whoever sends it; names the invitation, and is no secret.</param>
/// <param name="SecretDigest">SHA-256 (hex) of the secret in the link: the secret itself is shown once and never stored.</param>
[GenerateSerializer, Immutable, Alias("tenants.InviteMember")]
public sealed record InviteMember(
    [property: Id(0)] string Id, [property: Id(1)] string SecretDigest, [property: Id(2)] ImmutableArray<Role> Roles, [property: Id(3)] DateTimeOffset Expires, Actor By, string? Reason)
    : WorkspaceCommand(By, Reason);

/// <summary>Whoever knows the secret becomes a member, once.</summary>
[GenerateSerializer, Immutable, Alias("tenants.AcceptInvitation")]
public sealed record AcceptInvitation([property: Id(0)] string SecretDigest, Actor By, string? Reason) : WorkspaceCommand(By, Reason);

[GenerateSerializer, Immutable, Alias("tenants.WithdrawInvitation")]
public sealed record WithdrawInvitation([property: Id(0)] string Id, Actor By, string? Reason) : WorkspaceCommand(By, Reason);

/// <summary>Replaces the freeze windows that hold for each of its projects, also for those that are imported later.</summary>
[GenerateSerializer, Immutable, Alias("tenants.SetWorkspaceFreeze")]
public sealed record SetWorkspaceFreeze([property: Id(0)] ImmutableArray<FreezeWindow> Windows, Actor By, string? Reason) : WorkspaceCommand(By, Reason);

/// <summary>The freeze windows of a workspace. Projects keep them by <paramref name="Revision"/>: an older list never replaces a newer one.</summary>
/// <param name="Revision">Counts the lists, from 1 on.</param>
/// <param name="By">The actor's id who set them.</param>
[GenerateSerializer, Immutable, Alias("tenants.WorkspaceFreeze")]
public sealed record WorkspaceFreeze(
    [property: Id(0)] long Revision, [property: Id(1)] ImmutableArray<FreezeWindow> Windows, [property: Id(2)] string By, [property: Id(3)] string? Reason);

public static class TenantJobs
{
    /// <summary>Tells every project of a workspace its freeze windows.</summary>
    public const string Freeze = "tenants.freeze";
}

/// <summary>Whatever the list was when the job was made, the newest is told.</summary>
[GenerateSerializer, Immutable, Alias("tenants.FreezeRequest")]
public sealed record FreezeRequest([property: Id(0)] string Workspace);

/// <summary>A workspace as people see it. Times are UTC.</summary>
[GenerateSerializer, Immutable, Alias("tenants.WorkspaceView")]
public sealed record WorkspaceView(
    [property: Id(0)] string Key,
    [property: Id(1)] string Workspace,
    [property: Id(2)] ImmutableArray<Member> Members,
    [property: Id(3)] ImmutableArray<Invitation> Invitations,
    [property: Id(4)] long StateVersion)
{
    /// <summary>That hold for each of its projects.</summary>
    [Id(5)] public ImmutableArray<FreezeWindow> Freeze { get; init; } = [];
}

[GenerateSerializer, Immutable, Alias("tenants.Member")]
public sealed record Member(
    [property: Id(0)] string Actor, [property: Id(1)] ImmutableArray<Role> Roles, [property: Id(2)] string AddedBy, [property: Id(3)] DateTimeOffset AddedAt)
{
    /// <summary>From then on they may nothing: a directory has sent them away, and they are the last Admin. Null: not so.</summary>
    [Id(4)] public DateTimeOffset? SuspendedAt { get; init; }
}

/// <summary>Open until it is accepted, withdrawn or expired.</summary>
[GenerateSerializer, Immutable, Alias("tenants.Invitation")]
public sealed record Invitation(
    [property: Id(0)] string Id, [property: Id(1)] ImmutableArray<Role> Roles, [property: Id(2)] string InvitedBy, [property: Id(3)] DateTimeOffset Expires);
