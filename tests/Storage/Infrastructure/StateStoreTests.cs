using Npgsql;
using ProdSprint.Postgres;

namespace ProdSprint.Infrastructure;

/// <summary>What is kept of a state, without Terraform.</summary>
public sealed class StateStoreTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private readonly StateStore _states = new(postgres.Database);
    private readonly RunLedger _ledger = new(postgres.Database);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string State(int serial) => $$"""{"version":4,"lineage":"one","serial":{{serial}},"resources":[]}""";

    private async Task<(EnvironmentKey Key, long Fence)> BeginAsync(string project)
    {
        var key = new EnvironmentKey("ws", project, "staging");
        return (key, (await _ledger.BeginAsync(key, "job", Stop)).Fence);
    }

    [Fact]
    public async Task Write_KeepsEveryVersion_AndTheSameBytesOnce()
    {
        var (key, fence) = await BeginAsync("history");
        (await _states.WriteAsync(key, fence, "job", State(1), 0, Stop)).Version.ShouldBe(1);
        (await _states.WriteAsync(key, fence, "job", State(2), 0, Stop)).Version.ShouldBe(2);
        (await _states.WriteAsync(key, fence, "job", State(2), 0, Stop)).Version.ShouldBe(2);
        (await _states.HistoryAsync(key, 10, Stop)).Select(s => (s.Version, s.Serial, s.Sound)).ShouldBe([(2, 2, true), (1, 1, true)]);
        (await _states.HistoryAsync(key with { Workspace = "other" }, 10, Stop)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{}"), InlineData("no json"), InlineData("""{"version":3,"lineage":"x","serial":1}""")]
    public async Task Write_WhatIsNoState_IsRefused(string body)
    {
        var (key, fence) = await BeginAsync("none");
        (await Should.ThrowAsync<InfrastructureException>(() => _states.WriteAsync(key, fence, "job", body, 0, Stop))).Message.ShouldContain("no state of Terraform");
    }

    [Fact]
    public async Task Newest_OlderOrOtherThanKnown_IsRefused()
    {
        var (key, fence) = await BeginAsync("older");
        var first = await _states.WriteAsync(key, fence, "job", State(1), 0, Stop);
        (await _states.NewestAsync(key, first.Known, Stop))!.Version.ShouldBe(1);
        (await Should.ThrowAsync<InfrastructureException>(() => _states.NewestAsync(key, new(2, "sha256:x"), Stop))).Message.ShouldContain("version 2 had been written");
        (await Should.ThrowAsync<InfrastructureException>(() => _states.NewestAsync(key, new(1, "sha256:x"), Stop))).Message.ShouldContain("is another than the one that was applied");
        // What was taken away is not taken for a beginning, and its number is not given again.
        (await _states.WriteAsync(key, fence, "job", State(7), 5, Stop)).Version.ShouldBe(6);
    }

    [Fact]
    public async Task Lock_IsOneRunsAtATime_AndANewRunBreaksItKnowingly()
    {
        var (key, fence) = await BeginAsync("lock");
        (await _ledger.LockAsync(key, fence, """{"ID":"a"}""", Stop)).ShouldBeNull();
        (await _ledger.LockAsync(key, fence, """{"ID":"b"}""", Stop)).ShouldBe("""{"ID":"a"}""");
        var next = await _ledger.BeginAsync(key, "next", Stop);
        next.ShouldBe(new(fence + 1, """{"ID":"a"}"""));
        (await Should.ThrowAsync<InfrastructureException>(() => _ledger.LockAsync(key, fence, "{}", Stop))).Message.ShouldContain("newer run");
        await _ledger.UnlockAsync(key, fence, Stop);
        (await _ledger.LockAsync(key, next.Fence, """{"ID":"c"}""", Stop)).ShouldBeNull();
        await _ledger.UnlockAsync(key, next.Fence, Stop);
        (await _ledger.BeginAsync(key, "last", Stop)).Broken.ShouldBeNull();
    }

    [Fact]
    public async Task History_ChangedByAnyRole_IsRefused()
    {
        var (key, fence) = await BeginAsync("append");
        await _states.WriteAsync(key, fence, "job", State(1), 0, Stop);
        foreach (var change in (string[])["UPDATE prodsprint.infrastructure_state SET body = ''", "DELETE FROM prodsprint.infrastructure_state", "TRUNCATE prodsprint.infrastructure_state"])
            (await Should.ThrowAsync<PostgresException>(() => postgres.ExecuteAsync(change))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public void Terraform_NotInstalled_SaysWhatToInstall() =>
        Should.Throw<InfrastructureException>(() => new TerraformProgram(new() { Program = "/nowhere/tofu" }).Find()).Next.ShouldContain("opentofu.org");
}
