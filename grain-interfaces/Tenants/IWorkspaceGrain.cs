using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ProdSprint.Jobs;
using ProdSprint.Kernel;

namespace ProdSprint.Tenants;

/// <summary>Who belongs to a workspace, and as what: <c>workspace/{workspace}</c>.</summary>
[Alias("tenants.IWorkspaceGrain")]
public interface IWorkspaceGrain : IGrainWithStringKey, IJobOwner, ICommandTarget
{
    [Alias("Do")]
    Task<CommandResult> Do(WorkspaceCommand command);

    /// <summary>Null: nobody has been made a member yet.</summary>
    [Alias("View")]
    Task<WorkspaceView?> View();
}

[GenerateSerializer, Immutable, Alias("tenants.WorkspaceCommand")]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$command")]
[JsonDerivedType(typeof(SetMember), "set-member")]
[JsonDerivedType(typeof(RemoveMember), "remove-member")]
[JsonDerivedType(typeof(InviteMember), "invite")]
[JsonDerivedType(typeof(AcceptInvitation), "accept-invitation")]
[JsonDerivedType(typeof(WithdrawInvitation), "withdraw-invitation")]
public abstract record WorkspaceCommand([property: Id(0)] Actor By, [property: Id(1)] string? Reason);

/// <summary>Makes someone a member or changes what they are. The first member of a workspace has to be an Admin.</summary>
[GenerateSerializer, Immutable, Alias("tenants.SetMember")]
public sealed record SetMember([property: Id(0)] Actor Member, [property: Id(1)] ImmutableArray<Role> Roles, Actor By, string? Reason) : WorkspaceCommand(By, Reason);

[GenerateSerializer, Immutable, Alias("tenants.RemoveMember")]
public sealed record RemoveMember([property: Id(0)] Actor Member, Actor By, string? Reason) : WorkspaceCommand(By, Reason);

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

/// <summary>A workspace as people see it. Times are UTC.</summary>
[GenerateSerializer, Immutable, Alias("tenants.WorkspaceView")]
public sealed record WorkspaceView(
    [property: Id(0)] string Key,
    [property: Id(1)] string Workspace,
    [property: Id(2)] ImmutableArray<Member> Members,
    [property: Id(3)] ImmutableArray<Invitation> Invitations,
    [property: Id(4)] long StateVersion);

[GenerateSerializer, Immutable, Alias("tenants.Member")]
public sealed record Member(
    [property: Id(0)] string Actor, [property: Id(1)] ImmutableArray<Role> Roles, [property: Id(2)] string AddedBy, [property: Id(3)] DateTimeOffset AddedAt);

/// <summary>Open until it is accepted, withdrawn or expired.</summary>
[GenerateSerializer, Immutable, Alias("tenants.Invitation")]
public sealed record Invitation(
    [property: Id(0)] string Id, [property: Id(1)] ImmutableArray<Role> Roles, [property: Id(2)] string InvitedBy, [property: Id(3)] DateTimeOffset Expires);
