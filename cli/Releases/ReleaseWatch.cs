using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Releases;

/// <summary>Follows a release on stderr: a live block in a terminal, a line per change elsewhere.</summary>
public sealed class ReleaseWatch(ApiClient api, string project, int number, bool quiet)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private int _drawn;
    private string _last = "";

    public Task<JsonNode> UntilEnded(CancellationToken cancellation) => UntilSeen(r => r["outcome"] is not null, cancellation);

    public async Task<JsonNode> UntilSeen(Func<JsonNode, bool> done, CancellationToken cancellation)
    {
        while (true)
        {
            var release = await api.Get($"/v1/projects/{project}/releases/{number}", cancellation);
            var traffic = await api.Find($"/v1/projects/{project}/traffic?environment=production&seconds=10", cancellation);
            if (!quiet) Draw(release, traffic);
            if (done(release)) return release;
            await Task.Delay(Pause, cancellation);
        }
    }

    private void Draw(JsonNode release, JsonNode? traffic)
    {
        if (!Screen.Live)
        {
            // What the judge says changes every second; a line is for what changed in the release.
            var state = $"{release["phase"]} {release["step"]} {release["outcome"]} {release["judgement"]?["verdict"]}";
            if (state == _last) return;
            _last = state;
            Screen.Say($"  {release["version"]}  {release["phase"],-18} {release["canaryWeightPercent"],3} %  {release["message"]}");
            return;
        }
        var lines = Lines(release, traffic).ToArray();
        if (_drawn > 0) Console.Error.Write($"\e[{_drawn}A");
        foreach (var line in lines) Console.Error.Write($"\e[2K{line}\n");
        for (var i = lines.Length; i < _drawn; i++) Console.Error.Write("\e[2K\n");
        if (_drawn > lines.Length) Console.Error.Write($"\e[{_drawn - lines.Length}A");
        _drawn = Math.Max(_drawn, lines.Length);
    }

    private static IEnumerable<string> Lines(JsonNode release, JsonNode? traffic)
    {
        var stages = release["stages"]!.AsArray();
        var done = stages.Count(s => s!["state"]!.ToString() is "done" or "skipped");
        yield return $"{Screen.Bold(release["version"]!.ToString()),-6} release {release["number"]}  {Screen.Bar(done / (double)Math.Max(1, stages.Count), 24)}  {release["phase"]}";
        yield return "  " + string.Join(' ', stages.Select(Stage));
        var weight = release["canaryWeightPercent"]!.GetValue<double>();
        yield return $"  weight   {Screen.Bar(weight / 100, 24)} {weight,5:0.#} % on {release["version"]}";
        foreach (var (version, requests, errors, p95) in Versions(traffic))
            yield return $"  {version,-8} {requests,7:0} req  errors {(requests == 0 ? 0 : 100 * errors / requests),6:0.00} %  p95 {p95,7:0.0} ms";
        var judgement = release["judgement"];
        if (judgement is not null) yield return $"  judge    {Verdict(judgement["verdict"]!.ToString())}  {judgement["reason"]}";
        if (release["message"]!.ToString() is var message && message != judgement?["reason"]!.ToString()) yield return $"  {Screen.Dim(message)}";
    }

    public static IEnumerable<(string Version, double Requests, double Errors, double P95)> Versions(JsonNode? traffic) =>
        (traffic?["points"]?.AsArray() ?? []).GroupBy(p => p!["version"]!.ToString()).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (
            g.Key, g.Sum(p => (double)p!["requests"]!), g.Sum(p => (double)p!["errors"]!),
            g.Select(p => p!["p95Ms"] is { } v ? (double)v : 0).DefaultIfEmpty().Max()));

    private static string Stage(JsonNode? stage) => stage!["state"]!.ToString() switch
    {
        "done" => Screen.Good($"✓{stage["name"]}"),
        "running" => Screen.Accent($"▶{stage["name"]}"),
        "failed" => Screen.Bad($"✗{stage["name"]}"),
        "skipped" => Screen.Dim($"–{stage["name"]}"),
        _ => Screen.Dim($"·{stage["name"]}"),
    };

    private static string Verdict(string verdict) => verdict switch
    {
        "healthy" => Screen.Good(verdict),
        "unhealthy" => Screen.Bad(verdict),
        _ => Screen.Dim(verdict),
    };
}
