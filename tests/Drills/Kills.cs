namespace ProdSprint.Drills;

/// <summary>What somebody wants of the server, and how it is known.</summary>
/// <param name="Give">Gives the order. Its answer may be lost with the server.</param>
/// <param name="Given">Whether a machine knows of it: an order whose answer was lost is not given twice.</param>
/// <param name="Over">Whether it is done, and nothing of it is left to do.</param>
internal sealed record Order(Func<Task> Give, Func<Task<bool>> Given, Func<Task<bool>> Over);

/// <summary>Goes with the server from one boundary to the next, kills it there and starts it again.</summary>
/// <param name="at">Null: it is let through. Else it is killed there, once; true: right after the commit, false: right before.</param>
/// <param name="meanwhile">What is to be so while there is no server, with the boundary's name.</param>
internal sealed class Kills(Installation place, Boundaries boundaries, Func<int, bool?> at, Func<string, Task> meanwhile)
{
    private readonly List<string> _stood = [], _killed = [];
    private Task _given = Task.CompletedTask;

    /// <summary>All boundaries that it came to, in order.</summary>
    public IReadOnlyList<string> Stood => _stood;

    /// <summary>Those at which it was killed.</summary>
    public IReadOnlyList<string> Killed => _killed;

    /// <summary>Until the order is carried out, whatever happens to the server.</summary>
    public async Task UntilAsync(Order order, string project)
    {
        _given = GiveAsync(order);
        while (await NextAsync(order, project) is { } boundary)
        {
            var kill = at(_stood.Count);
            _stood.Add(boundary.Name);
            if (kill is { } committed) await KillAtAsync(boundary, committed);
            else if (boundary.Backend == 0) boundaries.Pass(boundary.Name);
            else await boundaries.LetThroughAsync(boundary);
        }
    }

    private async Task KillAtAsync(Boundary boundary, bool committed)
    {
        await place.KillServerAsync();
        if (boundary.Backend == 0) boundaries.Pass(boundary.Name);
        else await boundaries.SettleAsync(boundary, committed);
        _killed.Add(boundary.Name);
        await meanwhile(boundary.Name);
        // Not waited for: it may stand at the next boundary before it is ready.
        place.LaunchServer();
    }

    /// <summary>Null when it is over.</summary>
    private async Task<Boundary?> NextAsync(Order order, string project)
    {
        try
        {
            var over = false;
            return await Eventually.Is("a boundary or the end", async () =>
            {
                if (await boundaries.StandingAsync() is { } standing) return standing;
                if (place.Witness.Held is { } what && !boundaries.HasPassed(what)) return new Boundary(what, 0, "");
                if (_given.IsFaulted && !await order.Given()) _given = GiveAsync(order);
                over = await order.Over();
                return null;
            }, b => b is not null || over);
        }
        catch (TimeoutException e)
        {
            var last = await place.AskDatabaseAsync<string>("SELECT coalesce((SELECT kind || ': ' || text FROM prodsprint.timeline WHERE project = $1 ORDER BY seq DESC LIMIT 1), 'none')", project);
            throw new TimeoutException($"{e.Message} {_killed.Count} kills, the last at '{_killed.LastOrDefault()}'. The last fact: {last}. The order: {_given.Exception?.InnerException?.Message ?? _given.Status.ToString()}", e);
        }
    }

    private Task GiveAsync(Order order) => Task.Run(async () =>
    {
        await place.ReadyAsync();
        await order.Give();
    });
}
