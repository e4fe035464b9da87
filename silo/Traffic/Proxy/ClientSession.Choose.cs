using System.Text;
using ProdSprint.Gates;

namespace ProdSprint.Traffic;

internal sealed partial class ClientSession
{
    private EnvironmentRuntime? _environment;
    private RoutePlan? _plan;
    private BackendRuntime? _backend;
    private VersionCell? _charged;
    private string? _route;
    private bool _pinned;
    private int _newPosition;

    /// <summary>
    /// Chooses the backend; null when there is one. The plan is read once: the request is served by these orders to its end, whatever is applied meanwhile.
    /// </summary>
    private HttpRefusal? Choose()
    {
        _pinned = false;
        _newPosition = -1;
        _charged = null;
        _environment = source.Find(Request.HostValue(In));
        _plan = _environment?.Plan;
        if (_environment is null || _plan is null)
            return new(404, "unknown_host", "No such environment", "No environment answers to this host. Check its hosts with \"prodsprint status\".");

        BackendRuntime? wanted;
        if (_plan.HeaderOverride && Request.Asks(In, HeaderId.Version, out var version) && version.Length > 0)
        {
            var backends = _plan.Of(version);
            // Never another version in its place: a test that asks for v3 must not turn green on v2.
            if (backends.Length == 0)
                return new(404, "unknown_version", "No such version", $"X-ProdSprint-Version names none of: {string.Join(", ", _plan.VersionNames)}.");
            _pinned = true;
            wanted = backends[0];
        }
        else
        {
            wanted = _plan.At(_plan.Sticky ? Position() : _environment.NextPosition());
            if (wanted is null)
            {
                return new(503, "no_version", "No version has traffic",
                    "No version of this environment has weight yet. Release one, or see \"prodsprint status\".")
                { RouterFault = true };
            }
        }

        _charged = wanted.Version.On(context.Index);
        // the head's bytes are overwritten before the answer has come, and only a good answer makes it a route
        _route = Request.Method == MethodKind.Get && _charged.Looks ? ObservedRoutes.Of(In.AsSpan(Request.TargetStart, Request.TargetLength)) : null;
        _backend = wanted.Reachable ? wanted : _plan.InPlaceOf(wanted, [wanted], _pinned);
        // All are at rest after failures: better to try than to refuse without.
        if (_backend is null && wanted.Healthy) _backend = wanted;
        _diverted = _backend is not null && _backend.Version != wanted.Version;
        return _backend is null
            ? new(503, "unhealthy", "No healthy backend", $"Version {wanted.Version.Name} is out of health and nothing may serve in its place. See \"prodsprint logs\".")
            : null;
    }

    /// <summary>The visitor's position from its cookie, or a new one that the answer will set.</summary>
    private int Position()
    {
        for (var i = 0; i < Request.Count; i++)
        {
            if (Request.Fields[i].Id == HeaderId.Cookie && FindPosition(Request.Value(In, Request.Fields[i])) is >= 0 and var known) return known;
        }
        return _newPosition = _environment!.NextPosition();
    }

    private int FindPosition(ReadOnlySpan<byte> cookies)
    {
        var name = _plan!.CookieName;
        while (cookies.Length > 0)
        {
            var end = cookies.IndexOf((byte)';');
            var pair = HttpSyntax.Trim(end < 0 ? cookies : cookies[..end]);
            cookies = end < 0 ? [] : cookies[(end + 1)..];
            if (pair.Length <= name.Length + 1 || pair[name.Length] != '=' || !pair.StartsWith(name)) continue;
            if (HttpSyntax.TryLength(pair[(name.Length + 1)..], out var position) && position < EnvironmentRoutes.FullWeight) return (int)position;
        }
        return -1;
    }

    private byte[] PositionCookie() =>
        Encoding.ASCII.GetBytes($"Set-Cookie: {Encoding.ASCII.GetString(_plan!.CookieName)}={_newPosition}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax\r\n");
}
