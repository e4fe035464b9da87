using System.Text.Json.Nodes;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Releases;
using ProdSprint.Traffic;

namespace ProdSprint.Drills;

/// <summary>One project of the installation with v1 in production and visitors on it.</summary>
internal sealed class DrillProject : IAsyncDisposable
{
    private const double Rate = 150;
    private readonly Installation _place;
    private readonly string _name;
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private LoadGenerator _load = null!;
    private Task<LoadResult>? _running;
    private Uri _production = null!;

    private int _asked;

    private DrillProject(Installation place) => (_place, _name) = (place, place.NextProject());

    /// <summary>Imports the application and takes v1 to production, then lets visitors in.</summary>
    public static async Task<DrillProject> WithVisitorsAsync(Installation place, string application = DrillApp.Name)
    {
        var project = new DrillProject(place);
        using var api = place.Client("ana");
        await ImportCommand.Import(api, place.RepositoryOf(application), project._name, CancellationToken.None);
        var first = await project.ReleaseAsync("v1");
        await project.PromotedAsync(first);
        // Promoted is not told everywhere at once, and what comes next is to be seen alone.
        await Eventually.Is("v1 has nothing left to do", () => place.AskDatabaseAsync<bool>(
            "SELECT NOT EXISTS (SELECT FROM prodsprint.job WHERE project = $1 AND (state < 2 OR NOT told))", project.Name), quiet => quiet);
        var traffic = await Eventually.Is("production has an address", () => project.Get("/traffic?seconds=5"), t => t["url"] is not null);
        project._production = new(traffic["url"]!.ToString());
        project._load = new(new LoadOptions(project._production, Rate));
        project._running = Task.Run(() => project._load.RunAsync(project._stop.Token));
        return project;
    }

    public string Name => _name;

    /// <summary>Requests that were not the visitors' but a drill's own.</summary>
    public int Asked => _asked;

    public LoadResult Load => _load.Snapshot();

    public long ServedBy(string version) => Load.Versions.FirstOrDefault(v => v.Version == version)?.Requests ?? 0;

    public async Task<JsonNode> Get(string path)
    {
        using var api = _place.Client("ana");
        return await api.Get($"/v1/projects/{_name}{path}", CancellationToken.None);
    }

    public async Task<JsonNode> Post(string path, object body)
    {
        using var api = _place.Client("ana");
        return await api.Post($"/v1/projects/{_name}{path}", body, CancellationToken.None);
    }

    /// <summary>Plans, has the plan approved by somebody else where it needs it, and starts the release; its number.</summary>
    public async Task<int> ReleaseAsync(string version)
    {
        using var author = _place.Client("ana");
        var release = await ReleaseCommands.Start(author, _name, null, await ApprovedPlanAsync(version), false, null, CancellationToken.None);
        return (int)release["number"]!;
    }

    /// <summary>The number of a plan that may be carried out.</summary>
    public async Task<int> ApprovedPlanAsync(string version)
    {
        using var author = _place.Client("ana");
        using var approver = _place.Client("ben");
        var plan = await PlanCommands.Make(author, _name, version, null, CancellationToken.None);
        if (plan["status"]!.ToString() == "ready")
        {
            await approver.Post($"/v1/projects/{_name}/plans/{plan["number"]}/approve",
                new { reason = "A drill", digest = plan["document"]!["digest"]!.ToString() }, CancellationToken.None);
        }
        return (int)plan["number"]!;
    }

    /// <summary>As the command does it: production goes back, and the release that does it is known. Its number.</summary>
    public async Task<int> RollBackAsync()
    {
        var last = (int)(await Get(""))["lastRelease"]!;
        await Post("/rollback", new { reason = "A drill" });
        var release = await Eventually.Is($"a release of {_name} goes back", async () => (int)(await Get(""))["lastRelease"]!, number => number > last);
        using var api = _place.Client("ana");
        await Eventually.Is($"release {release} of {_name} is known", () => api.Find($"/v1/projects/{_name}/releases/{release}", CancellationToken.None), found => found is not null);
        return release;
    }

    public Task<JsonNode> Release(int number) => Get($"/releases/{number}");

    public Task<JsonNode> PhaseAsync(int number, string phase) =>
        Eventually.Is($"release {number} of {_name} is {phase}", () => Release(number), r => r["phase"]!.ToString() == phase || r["phase"]!.ToString() == "ended");

    public Task StageBegunAsync(int number, string stage) => Eventually.Is($"release {number} of {_name} is at {stage}", () => Release(number),
        r => r["stages"]!.AsArray().Any(s => s!["name"]!.ToString() == stage && s["state"]!.ToString() != "pending"));

    public Task<JsonNode> EndedAsync(int number) =>
        Eventually.Is($"release {number} of {_name} has ended", () => Release(number), r => r["phase"]!.ToString() == "ended");

    public async Task PromotedAsync(int number)
    {
        var ended = await EndedAsync(number);
        ended["outcome"]!.ToString().ShouldBe("promoted", ended.ToJsonString());
    }

    /// <summary>In the canary's first step, with requests answered by both versions.</summary>
    public async Task InCanaryAsync(int number, string version)
    {
        (await PhaseAsync(number, "canary"))["phase"]!.ToString().ShouldBe("canary");
        await Eventually.Is($"{version} serves some", () => ServedBy(version) > 0);
    }

    /// <summary>Until the visitors have asked this many times more, from now on.</summary>
    public Task MoreAnswersAsync(long requests)
    {
        var until = Load.Answered + requests;
        return Eventually.Is($"{requests} more answers", () => Load.Answered >= until);
    }

    /// <summary>
    /// The kinds of a release's timeline in their order; every row is there once. How often the judge changed its mind within a step depends on the second
    /// in which it looked, so such rows count as one.
    /// </summary>
    public async Task<IReadOnlyList<string>> KindsAsync(int number)
    {
        var rows = (await Get($"/timeline?release={number}&limit=500"))["items"]!.AsArray();
        rows.Select(r => r!["id"]!.ToString()).ShouldBeUnique();
        var kinds = rows.OrderBy(r => (long)r!["version"]!).ThenBy(r => (long)r!["seq"]!).Select(r => r!["kind"]!.ToString()).ToArray();
        return [.. kinds.Where((kind, n) => n == 0 || kind != "release.step-judged" || kinds[n - 1] != kind)];
    }

    /// <summary>Which life of its process serves this version in production: another after every start.</summary>
    public Task<string> LifeOfAsync(string version) => AskAsync(version, "/life");

    /// <summary>Null while nothing of it answers.</summary>
    public async Task<string?> LifeIfAnyAsync(string version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_production, "/life"));
        request.Headers.Add("X-ProdSprint-Version", version);
        _asked++;
        using var answer = await _http.SendAsync(request);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : null;
    }

    /// <summary>The project is told what its release came to by a job, a moment after the release has ended.</summary>
    public Task HasStableAsync(string version) =>
        Eventually.Is($"{version} is stable", () => Get(""), p => p["stable"]?["version"]?.ToString() == version);

    /// <summary>Only this version serves, and in all this time no visitor got an answer that was not some version's own.</summary>
    public async Task UnharmedAsync(string version)
    {
        (await AnsweringAsync(50)).ShouldBe([version]);
        await HasStableAsync(version);
        var load = await VisitorsLeaveAsync();
        load.Faults.ShouldBeEmpty();
        load.Versions.Single(v => v.Version == version).Errors.ShouldBe(0);
    }

    public async Task<string> AskAsync(string version, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_production, path));
        request.Headers.Add("X-ProdSprint-Version", version);
        _asked++;
        using var answer = await _http.SendAsync(request);
        answer.Headers.TryGetValues("X-ProdSprint-Served-By", out var by).ShouldBeTrue($"{path} of {version}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        by!.ShouldBe([version]);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Which versions answer new requests, asked without wishes.</summary>
    public async Task<IReadOnlyList<string>> AnsweringAsync(int requests)
    {
        var versions = new SortedSet<string>();
        for (var n = 0; n < requests; n++) versions.Add(await AnswerAsync());
        return [.. versions];
    }

    /// <summary>Which version answers one new request.</summary>
    public async Task<string> AnswerAsync()
    {
        _asked++;
        using var answer = await _http.GetAsync(_production);
        return answer.Headers.GetValues("X-ProdSprint-Served-By").Single();
    }

    /// <summary>How many requests ProdSprint has on its books for production.</summary>
    public async Task<long> CountedAsync() => (await Get("/traffic?seconds=3600"))["points"]!.AsArray().Sum(p => (long)p!["requests"]!);

    public async Task<LoadResult> VisitorsLeaveAsync()
    {
        await _stop.CancelAsync();
        return await _running!;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_running is not null) await _running;
        _stop.Dispose();
        _http.Dispose();
    }
}
