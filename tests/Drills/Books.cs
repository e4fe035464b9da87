using System.Text.Json.Nodes;

namespace ProdSprint.Drills;

/// <summary>What is written down about a project in the end, without what differs from one run to the next (times, addresses, measured figures).</summary>
internal static class Books
{
    /// <summary>Each machine's facts in their order, with the stage they are about.</summary>
    private const string Facts =
        """
        SELECT coalesce(array_agg(concat_ws(' ', split_part(grain_key, '/', 1), split_part(grain_key, '/', 4), kind, body->>'step', body->>'weightPercent')
          ORDER BY grain_key, version, index), '{}') FROM prodsprint.timeline WHERE project = $1
        """;

    private const string Views =
        """
        SELECT coalesce(array_agg(concat_ws(' ', kind, split_part(key, '/', 4),
            body->>'state', body->'stable'->>'version', body->'stable'->>'artifactDigest', body->>'activeRelease', body->>'lastRelease',
            body->>'phase', body->>'problem', body->>'outcome', body->>'version', body->>'artifactDigest', body->>'attempt', body->>'canaryWeightPercent',
            (SELECT string_agg(concat_ws(':', s->>'name', s->>'state', s->>'verdict'), ',') FROM jsonb_array_elements(body->'stages') s))
          ORDER BY key), '{}') FROM prodsprint.resource_view WHERE project = $1
        """;

    /// <summary>A job is named by the effect that asked for it, so one effect can have no two.</summary>
    private const string Jobs =
        "SELECT coalesce(array_agg(concat_ws(' ', 'job', split_part(id, '/', 1), kind, state) ORDER BY split_part(id, '/', 1), kind, state), '{}') FROM prodsprint.job WHERE project = $1";

    public static async Task<IReadOnlyList<string>> OfAsync(Installation place, string project)
    {
        var facts = await place.AskDatabaseAsync<string[]>(Facts, project);
        // How often the judge changed its mind within a step depends on the second in which it looked.
        return
        [
            .. facts.Where((fact, n) => n == 0 || !fact.Contains("step-judged", StringComparison.Ordinal) || facts[n - 1] != fact),
            .. await place.AskDatabaseAsync<string[]>(Views, project),
            .. await place.AskDatabaseAsync<string[]>(Jobs, project),
        ];
    }
}

/// <summary>Follows what the router has in force for one project, by what it keeps on its disk.</summary>
internal sealed class OrdersSeen : IAsyncDisposable
{
    private readonly string _directory, _project;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(long Revision, string Split)> _seen = [];
    private readonly Task _following;

    public OrdersSeen(Installation place, string project)
    {
        (_directory, _project) = (place.OrdersDirectory, project);
        _following = Task.Run(FollowAsync);
    }

    /// <summary>Revision and split (<c>v1=8000 v2=2000</c>), each change once.</summary>
    public IReadOnlyList<(long Revision, string Split)> Seen
    {
        get
        {
            lock (_seen) return [.. _seen];
        }
    }

    /// <summary>Parts of ten thousand by version, as they are in force.</summary>
    public IReadOnlyDictionary<string, int> InForce() => Backends(Read()!).ToDictionary(b => b["version"]!.ToString(), b => (int)b["weight"]!);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        _stop.Dispose();
    }

    private async Task FollowAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            if (Read() is { } routes)
            {
                var now = ((long)routes["revision"]!, string.Join(' ', Backends(routes).Where(b => (int)b["weight"]! > 0).Select(b => $"{b["version"]}={b["weight"]}")));
                lock (_seen) if (_seen.Count == 0 || _seen[^1] != now) _seen.Add(now);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(5), _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static IEnumerable<JsonNode> Backends(JsonNode routes) => routes["backends"]!.AsArray().Select(b => b!);

    private JsonNode? Read() => Directory.EnumerateFiles(_directory, "*.json").Select(f => JsonNode.Parse(File.ReadAllText(f))!["routes"]!)
        .FirstOrDefault(r => r["project"]!.ToString() == _project);
}
