using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ProdSprint.Operations;

namespace ProdSprint.Tests.Api;

/// <summary>One trace from the request to the jobs, as a collector receives it.</summary>
public sealed class TraceTests(ServerFixture server)
{
    private static readonly (string, string) Ana = ("X-ProdSprint-User", "ana"), Ben = ("X-ProdSprint-User", "ben");
    private readonly ActivityTraceId _trace = ActivityTraceId.CreateRandom();
    private readonly ActivitySpanId _caller = ActivitySpanId.CreateRandom();

    private (string, string) Traceparent => ("traceparent", $"00-{_trace}-{_caller}-01");

    [Fact]
    public async Task Release_IsOneTrace_FromTheRequestOverItsStagesToTheirJobs()
    {
        await server.Approved("traced", Ana, Ben);
        await server.Begin("traced", Ana, Traceparent);
        var release = await server.Ended("traced");
        var spans = await Told(release);

        var root = OneSpanForEveryStage(release, spans);
        // release ← job that told the grain ← call of the project ← request ← whoever asked.
        var above = Above(root, spans).ToArray();
        above.Select(s => s.Name).ShouldBe(["grain release/Told", "job kernel.tell", "grain project/Do", "POST /v1/projects/{project}/releases"]);
        above[^1].Parent.ShouldBe(_caller.ToString());
        above[^1].Tags["http.response.status_code"].ShouldBe("202");

        var jobs = spans.Where(s => s.Tags.GetValueOrDefault("prodsprint.owner") == release["key"]!.ToString()).OrderBy(s => s.From)
            .Select(s => $"{Above(s, spans).First().Name}: {s.Name}").ToArray();
        jobs.ShouldContain("stage apply: job deploy.build");
        jobs.ShouldContain("stage staging: job deploy.start");
        jobs.ShouldContain("stage gates: job gates.smoke");
        jobs.ShouldContain("stage production: job deploy.start");
    }

    /// <summary>Asked for before its plan is approved, a release begins with the approval: what the plan's job led to is in the trace of who asked for the plan.</summary>
    [Fact]
    public async Task PlansJob_WhatItsOutcomeLeadsTo_IsInTheTraceOfTheRequest()
    {
        await server.Import("traced-plan", await server.Repository("traced-plan", ("index.html", "x")), Ana);
        (await server.Send(HttpMethod.Post, "/v1/projects/traced-plan/plans", new { }, Ana, Traceparent)).Response.EnsureSuccessStatusCode();
        await server.Until("/v1/projects/traced-plan/plans/1", p => p["status"]!.ToString() == "ready");

        var waited = Stopwatch.StartNew();
        while (true)
        {
            var spans = server.Traces.Spans.Where(s => s.Trace == _trace.ToString()).ToArray();
            if (spans.FirstOrDefault(s => s.Name == "grain plan/JobEnded") is { } told && Above(told, spans).Any(s => s.Name == "POST /v1/projects/{project}/plans"))
            {
                Above(told, spans).First().Name.ShouldBe("outcome plans.generate");
                return;
            }
            if (waited.Elapsed > TimeSpan.FromSeconds(60)) throw new TimeoutException($"The collector was told only of {string.Join(", ", spans.Select(s => s.Name))}");
            await Task.Delay(50);
        }
    }

    [Fact]
    public async Task Release_OverARestartOfTheServer_IsOneTrace_NoStageTwice()
    {
        await server.Approved("traced-over", Ana, Ben);
        await server.Begin("traced-over", Ana, Traceparent);
        await server.Until("/v1/projects/traced-over/releases/1", r => r["phase"]!.ToString() != "queued");
        await server.StopAsync();
        await server.StartAsync();

        var release = await server.Ended("traced-over");

        OneSpanForEveryStage(release, await Told(release));
    }

    [Fact]
    public void NoCollector_NothingIsRegistered()
    {
        new ServiceCollection().AddTracing(new ConfigurationBuilder().Build()).ShouldBeEmpty();
    }

    private static ToldSpan OneSpanForEveryStage(JsonNode release, IReadOnlyList<ToldSpan> spans)
    {
        var root = spans.Single(s => s.Name == "release");
        (root.From, root.To).ShouldBe((Time(release["startedAt"]), Time(release["endedAt"])));
        var stages = release["stages"]!.AsArray().Where(s => s!["startedAt"] is not null).ToArray();
        stages.Length.ShouldBeGreaterThan(3);
        foreach (var stage in stages)
        {
            var span = spans.Single(s => s.Name == $"stage {stage!["name"]}");
            (span.From, span.To).ShouldBe((Time(stage!["startedAt"]), Time(stage["endedAt"])));
            span.Parent.ShouldBe(root.Id);
            span.Tags["prodsprint.verdict"].ShouldBe(stage["verdict"]!.ToString());
            foreach (var (name, value) in ((string, string)[])[("workspace", "default"), ("project", release["project"]!.ToString()), ("release", "1"), ("attempt", "1"), ("stage", stage["name"]!.ToString())])
                span.Tags[$"prodsprint.{name}"].ShouldBe(value);
            span.Tags["service.name"].ShouldBe("prodsprint");
        }
        return root;
    }

    /// <summary>All spans of our trace, once the release and what surrounds it have been told of.</summary>
    private async Task<IReadOnlyList<ToldSpan>> Told(JsonNode release)
    {
        var jobs = (await server.Send(HttpMethod.Get, $"/v1/operations/jobs?project={release["project"]}&limit=200")).Body!["items"]!.AsArray()
            .Where(j => j!["owner"]?.ToString() == release["key"]!.ToString() && j["state"]!.ToString() == "succeeded").Select(j => j!["id"]!.ToString()).ToArray();
        jobs.ShouldNotBeEmpty();
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var spans = server.Traces.Spans.Where(s => s.Trace == _trace.ToString()).ToArray();
            var told = spans.Select(s => s.Tags.GetValueOrDefault("prodsprint.job.id")).ToHashSet();
            if (spans.Any(s => s.Name == "release") && jobs.All(told.Contains) && spans.Any(s => s.Name.StartsWith("POST", StringComparison.Ordinal))) return spans;
            if (waited.Elapsed > TimeSpan.FromSeconds(60)) throw new TimeoutException($"The collector was told only of {string.Join(", ", spans.Select(s => s.Name))}");
            await Task.Delay(50);
        }
    }

    private static IEnumerable<ToldSpan> Above(ToldSpan span, IReadOnlyList<ToldSpan> spans)
    {
        while (spans.FirstOrDefault(s => s.Id == span.Parent) is { } parent) yield return span = parent;
    }

    private static DateTimeOffset Time(JsonNode? value) => DateTimeOffset.Parse(value!.ToString(), System.Globalization.CultureInfo.InvariantCulture);
}
