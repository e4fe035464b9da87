using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ProdSprint.Postgres;
using static ProdSprint.Jobs.JobFloor;

namespace ProdSprint.Jobs;

public sealed class JobQueueTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly JobFloor _floor = new(postgres);

    public async ValueTask InitializeAsync() => await postgres.ExecuteAsync("DELETE FROM prodsprint.job");

    public ValueTask DisposeAsync() => _floor.DisposeAsync();

    [Fact]
    public async Task Enqueue_SameIdTwice_RunsOnce()
    {
        var runs = new ConcurrentBag<string>();
        await _floor.Queue.EnqueueAsync([Job("a@1.0", "k"), Job("a@1.0", "k"), Job("b@1.0", "k")]);
        await _floor.Queue.EnqueueAsync(Job("a@1.0", "k"));
        await _floor.StartAsync(null, new Handler("k", (job, _) =>
        {
            runs.Add(job.Id);
            return Task.FromResult<string?>("""{"x":1}""");
        }));

        var told = new[] { await _floor.Told.NextAsync(), await _floor.Told.NextAsync() };

        told.Select(o => o.JobId).Order().ShouldBe(["a@1.0", "b@1.0"]);
        told.ShouldAllBe(o => o.Succeeded && o.ResultJson == """{"x":1}""" && o.Attempt == 1);
        runs.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Enqueue_WhileIdle_StartsByNotification()
    {
        await _floor.StartAsync(o => o.Poll = TimeSpan.FromHours(1), new Handler("k"));
        // The first one may be found by the look at start; the second can only be found by the bell.
        await _floor.Queue.EnqueueAsync(Job("a@1.0", "k"));
        await _floor.Told.NextAsync();
        await _floor.Queue.EnqueueAsync(Job("a@2.0", "k"));
        (await _floor.Told.NextAsync()).JobId.ShouldBe("a@2.0");
    }

    [Fact]
    public async Task Backlog_EverySlotTaken_TheNextIsFetchedWhenOneIsFree_NotByThePoll()
    {
        await _floor.Queue.EnqueueAsync([.. Enumerable.Range(0, 50).Select(i => Job($"a@{i}.0", "k"))]);
        await _floor.StartAsync(o => (o.Poll, o.Concurrency, o.MaxAhead) = (TimeSpan.FromHours(1), 2, 0), new Handler("k"));
        for (var i = 0; i < 50; i++) await _floor.Told.NextAsync();
    }

    [Fact]
    public async Task Run_FailsAndThenSucceeds_IsTriedAgain()
    {
        await _floor.Queue.EnqueueAsync(Job("a@1.0", "k"));
        await _floor.StartAsync(null, new Handler("k", (job, _) => job.Attempt < 3 ? throw new IOException("not yet") : Task.FromResult<string?>(null)));

        var told = await _floor.Told.NextAsync();

        (told.Succeeded, told.Attempt).ShouldBe((true, 3));
    }

    [Fact]
    public async Task Run_FailsEveryAttempt_IsADeadLetterThatCanBeReplayed()
    {
        var mended = false;
        await _floor.Queue.EnqueueAsync(Job("a@1.0", "k", attempts: 2));
        await _floor.StartAsync(null, new Handler("k", (_, _) => Volatile.Read(ref mended) ? Task.FromResult<string?>("{}") : throw new IOException("broken pipe")));

        var dead = await _floor.Told.NextAsync();
        dead.Succeeded.ShouldBeFalse();
        dead.Attempt.ShouldBe(2);
        dead.Error!.ShouldContain("broken pipe");
        (await _floor.Commands.RetryAsync("other", "a@1.0")).ShouldBe(JobAnswer.NotFound);

        Volatile.Write(ref mended, true);
        (await _floor.Commands.ReplayAsync("w", "a@1.0")).ShouldBe(JobAnswer.Done);
        (await _floor.Told.NextAsync()).Succeeded.ShouldBeTrue();
        (await _floor.Commands.ReplayAsync("w", "a@1.0")).ShouldBe(JobAnswer.Refused);
    }

    [Fact]
    public async Task Run_FailsForGood_IsNotTriedAgain_AndSaysWhatToDo()
    {
        await _floor.Queue.EnqueueAsync(Job("a@1.0", "k"));
        await _floor.StartAsync(null, new Handler("k", (_, _) => throw new JobFailedException("There is no package.json.", "name the service's directory")));

        var told = await _floor.Told.NextAsync();

        (told.Succeeded, told.Attempt, told.Error).ShouldBe((false, 1, "There is no package.json. Next: name the service's directory"));
    }

    [Fact]
    public async Task Run_LongerThanItsLimit_IsStopped()
    {
        await _floor.Queue.EnqueueAsync(Job("a@1.0", "k", attempts: 1, limit: TimeSpan.FromMilliseconds(50)));
        await _floor.StartAsync(null, new Handler("k", async (_, stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return null;
        }));

        (await _floor.Told.NextAsync()).Error!.ShouldContain("longer than its limit");
    }

    [Fact]
    public async Task Cancel_Running_StopsTheHandler_AndTellsTheOwner()
    {
        var started = new TaskCompletionSource();
        await _floor.Queue.EnqueueAsync(Job("a@1.0", "k"));
        await _floor.StartAsync(null, new Handler("k", async (_, stop) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, stop);
            return null;
        }));
        await started.Task;

        (await _floor.Commands.CancelAsync("w", "a@1.0")).ShouldBe(JobAnswer.Done);

        (await _floor.Told.NextAsync()).Error.ShouldBe("Cancelled.");
        await _floor.UntilStateAsync("a@1.0", JobState.Cancelled);
        (await _floor.Commands.CancelAsync("w", "a@1.0")).ShouldBe(JobAnswer.Refused);
    }

    [Fact]
    public async Task Cancel_Queued_NeverRuns_AndTellsTheOwner()
    {
        await _floor.Queue.EnqueueAsync(Job("a@1.0", "k"));
        (await _floor.Commands.CancelAsync("w", "a@1.0")).ShouldBe(JobAnswer.Done);

        await _floor.StartAsync(null, new Handler("k", (_, _) => throw new InvalidOperationException("it ran")));

        (await _floor.Told.NextAsync()).Error.ShouldBe("Cancelled.");
    }

    [Fact]
    public async Task LogAndProgress_CanBeWatched_AndAreCompleteAtTheEnd()
    {
        var go = new TaskCompletionSource();
        await _floor.Queue.EnqueueAsync(Job("a@1.0", "k", payload: """{"ref":"main"}"""));
        await _floor.StartAsync(o => o.MaxLogLines = 3, new Handler("k", async (job, _) =>
        {
            job.Progress(40, "npm ci");
            job.Log("added 12 packages\0");
            await go.Task;
            for (var i = 0; i < 10; i++) job.Log($"line {i}");
            return """{"ok":true}""";
        }));

        await _floor.UntilAsync(async () => JsonNode.Parse(await _floor.Reads.GetAsync("w", "a@1.0") ?? "{}")?["progressText"]?.GetValue<string>() == "npm ci");
        (await _floor.Reads.LogAsync("w", "a@1.0"))[0].Line.ShouldBe("added 12 packages\uFFFD");
        go.SetResult();
        await _floor.Told.NextAsync();

        var job = JsonNode.Parse((await _floor.Reads.GetAsync("w", "a@1.0"))!)!;
        job["state"]!.GetValue<string>().ShouldBe("succeeded");
        job["argument"]!["ref"]!.GetValue<string>().ShouldBe("main");
        job["result"]!["ok"]!.GetValue<bool>().ShouldBeTrue();
        job["log"]!.AsArray().Select(l => l!["line"]!.GetValue<string>()).ShouldBe(["added 12 packages\uFFFD", "line 0", "line 1", "… more than 3 lines; the rest of this attempt's log was left out."]);
        (await _floor.Reads.GetAsync("other", "a@1.0")).ShouldBeNull();
    }

    [Fact]
    public async Task List_ManyWithOneTime_PagesWithoutGapOrRepeat()
    {
        await _floor.Queue.EnqueueAsync([.. Enumerable.Range(0, 25).Select(i => Job($"a@{i}.0", i % 5 == 0 ? "five" : "k"))]);

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var (items, next) = await _floor.Reads.ListAsync("w", state: "queued", after: cursor, limit: 7);
            seen.AddRange(items.Select(i => JsonNode.Parse(i)!["id"]!.GetValue<string>()));
            cursor = next;
        }
        while (cursor is not null);

        seen.Count.ShouldBe(25);
        seen.Distinct().Count().ShouldBe(25);
        (await _floor.Reads.ListAsync("w", kind: "five")).Items.Count.ShouldBe(5);
        (await _floor.Reads.ListAsync("other")).Items.ShouldBeEmpty();
        await Should.ThrowAsync<ArgumentException>(() => _floor.Reads.ListAsync("w", after: "nonsense"));
    }
}
