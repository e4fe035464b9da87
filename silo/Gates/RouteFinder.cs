using System.Diagnostics.CodeAnalysis;
using ProdSprint.Deploy;
using ProdSprint.Projects;
using ProdSprint.Telemetry;

namespace ProdSprint.Gates;

/// <summary>Which routes of a version that answers can be put under load.</summary>
public interface IRouteFinder
{
    /// <param name="address"><c>127.0.0.1:port</c>, where it answers.</param>
    /// <returns><c>sha256:…</c> of their list; null: none.</returns>
    Task<string?> FindAsync(SmokeSubject subject, string address, Action<string> log, CancellationToken cancellation);
}

/// <summary>Where nobody keeps routes: nothing is put under load.</summary>
internal sealed class NoRoutes : IRouteFinder
{
    public Task<string?> FindAsync(SmokeSubject subject, string address, Action<string> log, CancellationToken cancellation) => Task.FromResult<string?>(null);
}

/// <summary>The repository's own OpenAPI document; else the one that the running version answers with, where frameworks usually put it. Besides: what has a budget, and what was seen.</summary>
internal sealed class RouteFinder(ICommitSource commits, PerformanceStore store, SeenRoutes seen, TimeProvider time) : IRouteFinder
{
    private static readonly string[] Usual =
        ["/openapi.json", "/swagger.json", "/v3/api-docs", "/openapi/v1.json", "/swagger/v1/swagger.json", "/api/openapi.json", "/api-docs", "/openapi.yaml"];

    /// <summary>For all of them together: what takes longer is no document.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<string?> FindAsync(SmokeSubject subject, string address, Action<string> log, CancellationToken cancellation)
    {
        var list = await InRepositoryAsync(subject, log, cancellation);
        if (list.Source.Length == 0 && await AskedAsync(address, cancellation) is { } asked) list = asked with { LeftOut = [.. asked.LeftOut, .. list.LeftOut], Scripts = list.Scripts };
        var budgets = await store.BudgetsAsync(subject.Workspace, subject.Project, cancellation);
        list = ObservedRoutes.Merge(list, await seen.ListAsync(subject.Workspace, subject.Project, cancellation), budgets.Select(b => b.Route));
        if (list.Source.Length > 0) log($"{list.Source}: {list.Routes.Length} routes can be put under load, {list.LeftOut.Length} are left out.");
        foreach (var left in list.LeftOut.Take(20)) log($"left out: {left.Name}: {left.Why}");
        foreach (var script in list.Scripts) log($"the repository has a k6 script of its own, which is not run here: {script}");
        return await store.KeepRoutesAsync(subject.Workspace, subject.Project, subject.Commit, list, time.GetUtcNow(), cancellation);
    }

    private async Task<RouteList> InRepositoryAsync(SmokeSubject subject, Action<string> log, CancellationToken cancellation)
    {
        try
        {
            using var tree = await GitRepository.Open(await commits.GitDirectoryAsync(subject.Workspace, subject.Project, cancellation), new()).TreeAsync(subject.Commit, cancellation);
            return RouteFiles.Read(tree);
        }
        catch (Exception e) when (e is GitProblem or DeployException)
        {
            // the version runs and answers: what it is built from is not needed any more
            log($"The repository could not be looked at for an OpenAPI document: {e.Message}");
            return RouteList.Nothing;
        }
    }

    /// <summary>Null: there is none at any of the usual places.</summary>
    internal static async Task<RouteList?> AskedAsync(string address, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { MaxResponseContentBufferSize = ApiDocumentLimit };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        var answers = await Task.WhenAll(Usual.Select(path => AskAsync(http, address, path, limit.Token)));
        cancellation.ThrowIfCancellationRequested();
        return answers.FirstOrDefault(a => a is not null);
    }

    /// <summary>UTF-8 takes at least a byte for a character.</summary>
    private const int ApiDocumentLimit = 4 << 20;

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a foreign program answers to a question it may not know: it has no document there.")]
    private static async Task<RouteList?> AskAsync(HttpClient http, string address, string path, CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://{address}{path}"), cancellation);
            return answer.IsSuccessStatusCode ? OpenApiRoutes.Read($"GET {path}", await answer.Content.ReadAsStringAsync(cancellation)) : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or FormatException or OperationCanceledException or InvalidOperationException)
        {
            return null;
        }
    }
}
