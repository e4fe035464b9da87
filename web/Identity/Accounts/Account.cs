namespace ProdSprint.Identity;

/// <summary>Somebody who may sign in. What they may then do is said by workspaces (<see cref="Tenants.Memberships"/>).</summary>
/// <param name="Id">The name of their actor: 1 to 64 of <c>a-z 0-9 . _ @ -</c>; never changes and never becomes someone else's.</param>
/// <param name="Name">As they are called.</param>
/// <param name="Email">To be shown; nobody is found by it.</param>
/// <param name="Disabled">May not sign in, and has no sessions.</param>
public sealed record Account(string Id, string? Name, string? Email, bool EmailVerified, bool Disabled, DateTimeOffset CreatedAt);

/// <summary>What a provider says of someone who has just signed in there, verified.</summary>
/// <param name="Provider">Which: <c>github</c>, <c>google</c>, or an enterprise connection's id.</param>
/// <param name="Subject">Their name for the person, which never changes. Addresses and nicknames do.</param>
/// <param name="Name">The nickname or, where there is none, the full name: what the account's id is made of.</param>
public sealed record ExternalLogin(string Provider, string Subject, string? Name, string? Email, bool EmailVerified);
