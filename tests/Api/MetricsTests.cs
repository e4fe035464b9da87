using System.Globalization;
using System.Text.RegularExpressions;

namespace ProdSprint.Tests.Api;

/// <summary><c>/metrics</c> as Prometheus reads it: every line of it, and everything that was promised to be in it.</summary>
public sealed partial class MetricsTests(ServerFixture server)
{
    [Fact]
    public async Task EveryPromisedFigure_IsThere()
    {
        await server.Import("measured", await server.Repository("measured", ("index.html", "x")));
        var metrics = await ReadAsync();

        metrics.Value("process_cpu_seconds_total").ShouldBeGreaterThan(0);
        metrics.Value("process_resident_memory_bytes").ShouldBeGreaterThan(10e6);
        metrics.Value("prodsprint_disk_free_bytes").ShouldBeInRange(1, metrics.Value("prodsprint_disk_size_bytes"));
        metrics.Value("prodsprint_http_request_duration_seconds_count", """route="/v1/projects",status="2xx" """).ShouldBeGreaterThan(0);
        metrics.Value("prodsprint_grain_calls_total", """type="project" """).ShouldBeGreaterThan(0);
        metrics.Value("prodsprint_jobs", """state="queued" """).ShouldBeGreaterThanOrEqualTo(0);
        metrics.Value("prodsprint_jobs", """state="dead" """).ShouldBeGreaterThanOrEqualTo(0);
        metrics.Value("prodsprint_database_up").ShouldBe(1);
        metrics.Value("prodsprint_router_up").ShouldBe(1);
        metrics.Value("prodsprint_audit_archive_problems").ShouldBe(0);
    }

    [Fact]
    public async Task Releases_AreCountedByPhase()
    {
        (string, string) ana = ("X-ProdSprint-User", "ana"), ben = ("X-ProdSprint-User", "ben");
        await server.Approved("counted", ana, ben);
        await server.Begin("counted", ana);
        await server.Ended("counted");
        (await ReadAsync()).Value("prodsprint_releases", """phase="ended" """).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Text_IsValid_EachFamilyOnceWithHelpAndType_HistogramsRiseToTheirCount()
    {
        (await server.Send(HttpMethod.Get, "/v1/projects/nobody")).Response.StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        var metrics = await ReadAsync();

        metrics.Families.Keys.ShouldBeUnique();
        foreach (var (family, type) in metrics.Families)
        {
            var samples = metrics.Samples.Where(s => type == "histogram" ? s.Name[..s.Name.LastIndexOf('_')] == family : s.Name == family).ToArray();
            samples.ShouldNotBeEmpty(family);
            samples.Select(s => (s.Name, s.Labels)).ShouldBeUnique();
            if (type != "histogram") continue;
            foreach (var series in samples.Where(s => s.Name.EndsWith("_bucket", StringComparison.Ordinal)).GroupBy(s => Bound().Replace(s.Labels, "")))
            {
                series.Select(s => s.Value).ShouldBeInOrder();
                series.Last().Labels.ShouldEndWith("le=\"+Inf\"");
                series.Last().Value.ShouldBe(samples.Single(s => s.Name.EndsWith("_count", StringComparison.Ordinal) && s.Labels == series.Key.TrimEnd(',')).Value);
            }
        }
    }

    private async Task<Scrape> ReadAsync()
    {
        using var answer = await server.Http.GetAsync("/metrics");
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        return Scrape.Of(await answer.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("le=\"[^\"]*\"$")]
    private static partial Regex Bound();

    private sealed record Scrape(IReadOnlyDictionary<string, string> Families, IReadOnlyList<(string Name, string Labels, double Value)> Samples)
    {
        public static Scrape Of(string text)
        {
            var (families, samples, help) = (new Dictionary<string, string>(), new List<(string, string, double)>(), "");
            text.ShouldEndWith("\n");
            foreach (var line in text.TrimEnd('\n').Split('\n'))
            {
                if (line.StartsWith("# HELP ", StringComparison.Ordinal)) help = line.Split(' ', 4)[2];
                else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
                {
                    var (name, type) = (line.Split(' ')[2], line.Split(' ')[3]);
                    name.ShouldBe(help);
                    type.ShouldBeOneOf("counter", "gauge", "histogram");
                    families.Add(name, type);
                }
                else
                {
                    var sample = Line().Match(line);
                    sample.Success.ShouldBeTrue(line);
                    sample.Groups["name"].Value.ShouldStartWith(help);
                    samples.Add((sample.Groups["name"].Value, sample.Groups["labels"].Value, double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture)));
                }
            }
            return new(families, samples);
        }

        public double Value(string name, string labels = "") => Samples.Single(s => s.Name == name && s.Labels == labels.Trim()).Value;
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*",?)+)\})? (?<value>[-+0-9.eE]+|NaN|[+-]Inf)$""")]
    private static partial Regex Line();
}
