using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ProdSprint.Gates;

/// <summary>Pure: a scenario as a k6 script. The same scenario gives the same bytes.</summary>
public static class K6Script
{
    /// <summary>Where the script is told to leave its figures; without it k6 shows them.</summary>
    public const string SummaryVariable = "PRODSPRINT_SUMMARY";

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.Default };

    /// <summary>Threads of requests that wait: enough for every request of a round to be stuck at once.</summary>
    private const int MostVirtualUsers = 100;

    public static string Write(LoadScenario s)
    {
        var text = new StringBuilder();
        // a source is a path of somebody's repository: it may hold anything
        text.Append("// k6 run -e BASE_URL=http://127.0.0.1:3000 load.js\n")
            .Append("// Written by ProdSprint. Each route is asked at a constant rate, whatever became of the requests before.\n")
            .Append("import http from 'k6/http';\n\n")
            .Append("const base = (__ENV.BASE_URL || 'http://127.0.0.1:3000').replace(/\\/+$/, '');\n")
            .Append("const source = ").Append(Q(s.Source)).Append(";\n")
            .Append("const routes = [\n");
        for (var i = 0; i < s.Routes.Length; i++)
        {
            var r = s.Routes[i];
            text.Append("  { name: ").Append(Q(Tag(s, i))).Append(", method: ").Append(Q(r.Method)).Append(", path: ").Append(Q(r.Path)).Append(", headers: ").Append(JsonSerializer.Serialize(r.Headers, Json))
                .Append(", requests: ").Append(N(r.Requests)).Append(", startMs: ").Append(N(Math.Round(r.Due(0, i, s).TotalMilliseconds))).Append(" },\n");
        }
        text.Append("];\n\nexport const options = {\n  discardResponseBodies: true,\n  maxRedirects: 0,\n  summaryTrendStats: ['min', 'med', 'p(95)', 'p(99)', 'max'],\n")
            .Append("  scenarios: Object.fromEntries(routes.map((r, i) => [`route${i}`, {\n    executor: 'constant-arrival-rate', exec: 'load', env: { ROUTE: String(i) }, startTime: `${r.startMs}ms`, gracefulStop: '")
            .Append(N(s.TimeoutMs)).Append("ms',\n    rate: r.requests, timeUnit: '").Append(Duration(s.Seconds)).Append("', duration: '").Append(Duration(s.Seconds))
            .Append("', preAllocatedVUs: Math.min(r.requests, 10), maxVUs: Math.min(r.requests, ").Append(N(MostVirtualUsers)).Append("),\n  }])),\n  thresholds: {\n");
        for (var i = 0; i < s.Routes.Length; i++)
        {
            var (tag, limit) = (Tag(s, i), s.Routes[i].Limit);
            // figures are kept only of what has a threshold
            Threshold(text, $"http_req_duration{{route:{tag}}}", limit?.P95Ms is { } p95 ? $"p(95)<={N(p95)}" : "max>=0", limit?.P95From);
            Threshold(text, $"http_req_failed{{route:{tag}}}", limit?.ErrorPercent is { } errors ? $"rate<={N(errors / 100)}" : "rate>=0", limit?.ErrorFrom);
            Threshold(text, $"http_reqs{{route:{tag}}}", "count>=0", null);
        }
        return text.Append("  },\n};\n\n")
            .Append("// the first requests warm up, and have no route that they count for\n")
            .Append("export function setup() {\n  for (const r of routes) ask(r, {});\n}\n\n")
            .Append("export function load() {\n  const r = routes[Number(__ENV.ROUTE)];\n  ask(r, { route: r.name });\n}\n\n")
            .Append("function ask(r, tags) {\n  http.request(r.method, base + r.path, null, { headers: r.headers, tags: { name: r.name, ...tags }, timeout: '").Append(N(s.TimeoutMs)).Append("ms' });\n}\n\n")
            .Append("export function handleSummary(data) {\n  const out = {};\n  const of = (metric, r) => (data.metrics[`${metric}{route:${r.name}}`] || { values: {} }).values;\n")
            .Append("  const figures = routes.map((r) => ({\n    route: r.name, requests: of('http_reqs', r).count || 0, failedRate: of('http_req_failed', r).rate || 0,\n")
            .Append("    p50Ms: of('http_req_duration', r).med || 0, p95Ms: of('http_req_duration', r)['p(95)'] || 0, p99Ms: of('http_req_duration', r)['p(99)'] || 0,\n  }));\n")
            .Append("  if (__ENV.").Append(SummaryVariable).Append(") out[__ENV.").Append(SummaryVariable).Append("] = JSON.stringify({ source, routes: figures });\n")
            .Append("  else out.stdout = figures.map((f) => `${f.route}  ${f.requests} requests  p95 ${f.p95Ms.toFixed(2)} ms  ${(100 * f.failedRate).toFixed(2)} % failed`).join('\\n') + '\\n';\n")
            .Append("  return out;\n}\n").ToString();
    }

    /// <summary>A route's name as a value of a tag: a comma would end it, and quotes at its ends are taken away.</summary>
    public static string Tag(LoadScenario s, int index)
    {
        var tag = Plain(s.Routes[index].Name);
        return s.Routes.Take(index).Any(r => Plain(r.Name) == tag) ? $"{tag} #{index}" : tag;

        static string Plain(string name) => name.Replace(',', '_').Replace('"', '_').Replace('\'', '_');
    }

    private static void Threshold(StringBuilder text, string metric, string holds, string? why) =>
        text.Append("    ").Append(Q(metric)).Append(": ['").Append(holds).Append("'],").Append(why is null ? "" : $" // {why}").Append('\n');

    private static string Duration(double seconds) => $"{N(Math.Round(seconds * 1000))}ms";

    private static string Q(string text) => JsonSerializer.Serialize(text, Json);

    private static string N(double number) => number.ToString("0.######", CultureInfo.InvariantCulture);
}
