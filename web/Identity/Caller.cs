using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>Who is asking, and in which workspace. Every endpoint takes one; there is no other way to an actor or a workspace.</summary>
/// <param name="Credential">By what they are known, for the audit log: never a secret.</param>
public sealed record Caller(Actor Actor, string Workspace, string Credential)
{
    /// <summary>Null: signed in by something else.</summary>
    public SessionFacts? Session { get; init; }

    /// <summary>Null: signed in by something else.</summary>
    public TokenFacts? Token { get; init; }

    /// <summary>A person of whom nothing is known but one proof: a session that has shown no second factor, or the token of somebody who has none.</summary>
    public bool WithoutFactor => this is { Session.FactorAt: null } and not { Session: null } or { Token: { Service: false, Factor: false } };

    /// <summary>The account's id.</summary>
    /// <exception cref="ProblemException">403: this is no person.</exception>
    public string Account => Actor.IsUser ? Actor.Id["user:".Length..] : throw new ProblemException(
        StatusCodes.Status403Forbidden, "account.none", "Not a person", $"{Actor} has no account.", "Sign in as a person");

    public const string UserHeader = "X-ProdSprint-User";
    public const string WorkspaceHeader = "X-ProdSprint-Workspace";
    public const string DefaultWorkspace = "default";

    /// <summary>Minimal-API binding.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) =>
        ValueTask.FromResult<Caller?>(context.RequestServices.GetRequiredService<IIdentity>().Of(context));
}

/// <summary>Where a request's identity comes from: <see cref="RequestIdentity"/>.</summary>
public interface IIdentity
{
    /// <exception cref="ProblemException">401 when nobody is signed in.</exception>
    Caller Of(HttpContext context);
}
