using System.Buffers;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>Who asks: whoever the request's credential stands for; without one, in development mode, whoever it says.</summary>
public sealed class RequestIdentity(IdentityOptions options, DevelopmentIdentity development) : IIdentity
{
    public Caller Of(HttpContext context)
    {
        var signedIn = context.SignedIn();
        return signedIn is null ? Of(context, null) : signedIn.Caller ??= Of(context, signedIn);
    }

    private Caller Of(HttpContext context, SignedIn? signedIn)
    {
        if (signedIn?.Session is { } session) return new(session.Actor, Workspace(context) ?? Caller.DefaultWorkspace, session.Credential) { Session = session };
        if (signedIn?.Token is { } token) return new(token.Actor, WorkspaceOf(token, Workspace(context)), token.Credential) { Token = token };
        // A tool that shows a credential is to know that it does not hold; a browser's old cookie is only forgotten.
        if (signedIn is { Problem: { } problem } && (!options.IsDevelopment || !signedIn.ByCookie)) throw problem;
        if (options.IsDevelopment) return development.Of(context);
        throw new ProblemException(StatusCodes.Status401Unauthorized, "session.none", "Not signed in", "This needs to know who you are.", "Sign in: prodsprint login, or the dashboard");
    }

    private static string WorkspaceOf(TokenFacts token, string? asked) => asked is null || asked == token.Workspace ? token.Workspace : throw new ProblemException(
        StatusCodes.Status403Forbidden, "token.other-workspace", "Another workspace's token", $"Token {token.Id} is good in workspace {token.Workspace} only, not in {asked}.", "Use a token of that workspace");

    internal static string? Workspace(HttpContext context)
    {
        var value = context.Request.Headers[Caller.WorkspaceHeader].ToString();
        if (value.Length == 0 && context.Request.Path.StartsWithSegments("/hubs")) value = context.Request.Query["workspace"].ToString();
        if (value.Length == 0) return null;
        return IsName(value)
            ? value
            : throw new ProblemException(StatusCodes.Status400BadRequest, "identity.bad-workspace", "Not a workspace", $"'{value}' must be 1 to 64 letters, digits, '.', '-' or '_'.", $"Send a plain name in {Caller.WorkspaceHeader}");
    }

    private static readonly SearchValues<char> Taken = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private static bool IsName(string value) => value.Length <= 64 && char.IsAsciiLetterOrDigit(value[0]) && !value.AsSpan().ContainsAnyExcept(Taken);
}
