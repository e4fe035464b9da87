using System.Text.RegularExpressions;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>
/// Takes the caller's word for who they are: a header, else the operating system's user. For one machine only: the server refuses to start
/// with it when the environment is Production (see <see cref="IdentityFaults"/>), and it listens on the loopback address.
/// </summary>
public sealed partial class DevelopmentIdentity
{
    /// <summary>Asked once: it is looked up in the system's file of users.</summary>
    private static readonly string Me = Environment.UserName;

    public Caller Of(HttpContext context)
    {
        var user = Header(context, Caller.UserHeader, "user") ?? Query(context, "user") ?? Me;
        var workspace = Header(context, Caller.WorkspaceHeader, "workspace") ?? Query(context, "workspace") ?? Caller.DefaultWorkspace;
        return new(Actor.User(user), workspace, "development");
    }

    /// <summary>A browser cannot set headers on a WebSocket.</summary>
    private static string? Query(HttpContext context, string name) =>
        context.Request.Path.StartsWithSegments("/hubs") && context.Request.Query[name].ToString() is { Length: > 0 } value && Name().IsMatch(value) ? value : null;

    private static string? Header(HttpContext context, string header, string what)
    {
        var value = context.Request.Headers[header].ToString();
        if (value.Length == 0) return null;
        return Name().IsMatch(value)
            ? value
            : throw new ProblemException(StatusCodes.Status400BadRequest, $"identity.bad-{what}", $"Not a {what}", $"'{header}' must be 1 to 64 letters, digits, '.', '-' or '_'.", $"Send a plain name in {header}");
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    private static partial Regex Name();
}
