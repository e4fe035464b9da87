using System.Globalization;
using System.Text;

namespace ProdSprint.Traffic;

/// <summary>
/// Writes HAProxy's configuration and maps from the environments. What changes with a release (weights, addresses, states) is in maps and server lines that
/// the runtime socket can change; what needs a reload (ports, hosts, options) is in the rest. After either, the files say the same as the process.
/// </summary>
internal static class HaProxyConfig
{
    public static string Text(HaProxyOptions options, IReadOnlyCollection<HaProxyEnvironment> environments)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Written by ProdSprint; changes are lost.
            global
              maxconn {options.MaxConnections}
              nbthread {options.Threads}
              hard-stop-after 30m
              stats socket {options.WorkerSocket} mode 600 level admin expose-fd listeners

            ring reports
              format raw
              maxlen 600
              size {options.RingBytes}
              timeout connect 1s
              timeout server 60s
              server reader unix@{options.ReportsSocket}

            defaults
              mode http
              log ring@reports format raw local0
              log-format "{HaProxyLogLine.Format("-")}"
              option abortonclose
              timeout http-request 15s
              timeout http-keep-alive 75s
              timeout connect 2s
              timeout client 60s
              timeout server 60s
              timeout tunnel 1h

            """);
        foreach (var status in Errors.Keys) text.Append(CultureInfo.InvariantCulture, $"  errorfile {status} {options.Path($"{status}.http")}\n");
        // Numbers every request of a worker, so that lines lost from a full ring are noticed.
        text.Append("\nbackend numbers\n  stick-table type integer size 1 store gpc0\n");
        if (options.SharedPort is { } shared)
        {
            text.Append(CultureInfo.InvariantCulture, $"""

                frontend shared
                  bind {options.BindAddress}:{shared}
                  http-request set-var(txn.env) req.hdr(host),field(1,:),lower,map_str({options.Path("hosts.map")})
                  http-request set-var(txn.env) req.hdr(host),field(1,:),lower,map_end({options.Path("suffixes.map")}) unless {LB} var(txn.env) -m found {RB}
                  http-request return status 404 content-type application/problem+json string '{Problem("unknown_host", "No such environment", 404, "No environment answers to this host.")}' unless {LB} var(txn.env) -m found {RB}
                  use_backend %[str(via_),concat(,txn.env)]

                """);
        }
        foreach (var environment in environments) Environment(text, options, environment);
        return text.ToString();
    }

    public static string Maps(HaProxyOptions options, IReadOnlyCollection<HaProxyEnvironment> all, string map) => string.Concat(all.SelectMany(e => map switch
    {
        "plans.map" => [$"{e.Id} {e.Plan()}\n"],
        "versions.map" => e.Servers().Select(s => $"{e.Id}/{s.Server} {s.Backend?.Version ?? "-"}\n"),
        "pins.map" => e.Pins().Select(p => $"{e.Id}/{p.Key} {p.Value}\n"),
        "hosts.map" => e.Orders.Hosts.Where(h => h[0] != '*').Select(h => $"{h} {e.Id}\n"),
        "suffixes.map" => e.Orders.Hosts.Where(h => h[0] == '*').Select(h => $"{h[1..]} {e.Id}\n"),
        _ => throw new ArgumentOutOfRangeException(nameof(map), map, $"not a map of {options.StateDirectory}"),
    }));

    public static string[] MapNames { get; } = ["plans.map", "versions.map", "pins.map", "hosts.map", "suffixes.map"];

    /// <summary>HAProxy's own answers, in the shape of ours.</summary>
    public static IReadOnlyDictionary<int, string> Errors { get; } = new Dictionary<int, string>
    {
        [400] = ErrorFile(400, "Bad request", "malformed", "The request was refused because it is malformed. Correct the client; nothing was forwarded."),
        [408] = ErrorFile(408, "Request timeout", "head_timeout", "The request did not come in time."),
        [502] = ErrorFile(502, "Bad gateway", "bad_answer", "The version gave no usable answer. See prodsprint logs."),
        [503] = ErrorFile(503, "Service unavailable", "unhealthy", "The version does not accept connections and nothing may serve in its place. See prodsprint logs."),
        [504] = ErrorFile(504, "Gateway timeout", "timeout", "The version did not answer in time. See prodsprint logs."),
    };

    private const string LB = "{", RB = "}";

    private static void Environment(StringBuilder text, HaProxyOptions options, HaProxyEnvironment environment)
    {
        var (id, routing) = (environment.Id, environment.Orders.Options);
        text.Append(CultureInfo.InvariantCulture, $"\nfrontend front_{id}\n");
        if (environment.Port is { } port) text.Append(CultureInfo.InvariantCulture, $"  bind {options.BindAddress}:{port}\n");
        if (options.SharedPort is not null) text.Append(CultureInfo.InvariantCulture, $"  bind unix@{options.Path($"{id}.sock")} accept-proxy mode 600\n");
        text.Append(CultureInfo.InvariantCulture, $"""
              log-format "{HaProxyLogLine.Format(id)}"
              http-request track-sc0 int(1) table numbers
              http-request set-var(txn.seq) sc0_inc_gpc0(numbers)
              http-request set-var(txn.plan) str({id}),map({options.Path("plans.map")})

            """);
        if (routing.Sticky)
        {
            var cookie = routing.CookieName ?? "prodsprint-position";
            text.Append(CultureInfo.InvariantCulture, $$"""
                  http-request set-var(txn.pos) req.cook({{cookie}}) if { req.cook({{cookie}}) -m reg ^[0-9]{1,4}$ }
                  http-request set-var(txn.new) int(1) unless { var(txn.pos) -m found }
                  http-response add-header Set-Cookie "{{cookie}}=%[var(txn.pos)]; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax" if { var(txn.new) -m found }

                """);
        }
        text.Append("  http-request set-var(txn.pos) rand(10000) unless { var(txn.pos) -m found }\n");
        if (routing.HeaderOverride)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                  http-request set-var(txn.pin) req.hdr(x-prodsprint-version) if { req.hdr(x-prodsprint-version) -m found }
                  http-request set-var(txn.slot) str({{id}}/),concat(,txn.pin),map({{options.Path("pins.map")}}) if { var(txn.pin) -m found }
                  http-request return status 404 content-type application/problem+json string '{{Problem("unknown_version", "No such version", 404, "X-ProdSprint-Version names no version of this environment.")}}' if { var(txn.pin) -m found } !{ var(txn.slot) -m found }

                """);
        }
        for (var i = 0; i < HaProxyOptions.Slots; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                  http-request set-var(txn.ceiling) var(txn.plan),word({{2 * i + 1}},:) unless { var(txn.slot) -m found }
                  http-request set-var(txn.slot) var(txn.plan),word({{2 * i + 2}},:) if !{ var(txn.slot) -m found } { var(txn.pos),sub(txn.ceiling) lt 0 }

                """);
        }
        text.Append(CultureInfo.InvariantCulture, $$"""
              http-request return status 503 content-type application/problem+json string '{{Problem("no_version", "No version has traffic", 503, "No version of this environment has weight yet. Release one, or see prodsprint status.")}}' unless { var(txn.slot) -m found }
              http-request set-header X-Forwarded-For "%[req.fhdr(x-forwarded-for)], %[src]" if { req.fhdr(x-forwarded-for) -m found }
              http-request set-header X-Forwarded-For "%[src]" unless { req.fhdr(x-forwarded-for) -m found }
              http-request set-header X-Forwarded-Proto http unless { req.hdr(x-forwarded-proto) -m found }
              http-request set-header X-Forwarded-Host "%[req.hdr(host)]" unless { req.hdr(x-forwarded-host) -m found }
              http-request del-header Keep-Alive
              http-request del-header Proxy-Connection
              http-request del-header TE
              timeout client {{Ms(routing.Idle)}}ms
              use_backend pin_{{id}} if { var(txn.pin) -m found }
              default_backend env_{{id}}

            """);
        // Canaries stand in for nobody: their weight is 0, and use-server reaches them all the same.
        Backend(text, options, environment, "env", "  option redispatch 1\n  retries 3\n", standIns: true);
        Backend(text, options, environment, "pin", "  retries 1\n", standIns: false);
        if (options.SharedPort is not null)
            text.Append(CultureInfo.InvariantCulture, $"\nbackend via_{id}\n  server front unix@{options.Path($"{id}.sock")} send-proxy-v2\n");
    }

    private static void Backend(StringBuilder text, HaProxyOptions options, HaProxyEnvironment environment, string kind, string retries, bool standIns)
    {
        var (id, routing) = (environment.Id, environment.Orders.Options);
        text.Append(CultureInfo.InvariantCulture, $$"""

            backend {{kind}}_{{id}}
            {{retries}}  retry-on conn-failure empty-response
              http-request disable-l7-retry unless METH_GET
              timeout connect {{Ms(routing.Connect)}}ms
              timeout server {{Ms(routing.FirstByte)}}ms
              use-server %[var(txn.slot)] if TRUE
              http-response set-var(txn.server) srv_name
              http-response set-header X-ProdSprint-Served-By %[str({{id}}/),concat(,txn.server),map({{options.Path("versions.map")}})]

            """);
        foreach (var (server, backend) in environment.Servers())
        {
            var standIn = server[0] == 'f';
            if (standIn && !standIns) continue;
            text.Append(CultureInfo.InvariantCulture,
                $"  server {server} {backend?.Address ?? "127.0.0.1:1"} weight {(standIn ? 1 : 0)}{(backend is { Healthy: true } ? "" : " disabled")}\n");
        }
    }

    private static string Problem(string code, string title, int status, string detail) =>
        $$"""{"type":"urn:prodsprint:problem:router.{{code}}","title":"{{title}}","status":{{status}},"detail":"{{detail}}"}""";

    private static string ErrorFile(int status, string title, string code, string detail)
    {
        var body = Problem(code, title, status, detail);
        return $"HTTP/1.1 {status} {title}\r\nContent-Type: application/problem+json\r\nCache-Control: no-store\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";
    }

    private static long Ms(TimeSpan time) => (long)Math.Max(1, time.TotalMilliseconds);
}
