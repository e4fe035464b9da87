using ProdSprint.Deploy;
using static ProdSprint.Tests.Deploy.Bench;

namespace ProdSprint.Tests.Deploy;

public sealed class ArtifactTests
{
    [Fact]
    public async Task Digest_SameContentMadeTwice_IsTheSame()
    {
        await using var one = new Bench();
        await using var two = new Bench();
        foreach (var b in (Bench[])[one, two]) await b.BuildAsync(b.Commit(("a", "x"), ("d/b", "y"), ("l", "→ a")), Service(build: "mkdir empty"));
        one.Store.All().Single().Digest.ShouldBe(two.Store.All().Single().Digest);
    }

    [Theory]
    [InlineData("echo z > a")]
    [InlineData("chmod +x a")]
    [InlineData("mv a aa")]
    [InlineData("ln -sfn d l")]
    [InlineData("mkdir new")]
    [InlineData("rmdir empty")]
    public async Task Digest_AnyChange_IsAnother(string change)
    {
        await using var b = new Bench();
        var commit = b.Commit(("a", "x"), ("d/b", "y"), ("l", "→ a"));
        var before = await b.BuildAsync(commit, Service(build: "mkdir empty"));
        var after = await b.BuildAsync(commit, Service(build: "mkdir empty; " + change));
        after.ArtifactDigest.ShouldNotBe(before.ArtifactDigest);
    }

    [Fact]
    public async Task Start_ArtifactChangedOnDisk_IsRefusedAndBuiltAnewNextTime()
    {
        await using var b = new Bench();
        var commit = b.Commit(("server.js", Apps.Server));
        var built = await b.BuildAsync(commit, Service());
        var file = Path.Combine(b.Store.Tree(b.Store.All().Single().Key), "server.js");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.AppendAllText(file, "// tampered");

        (await Should.ThrowAsync<DeployException>(() => b.StartAsync(built.ArtifactDigest, Service()))).Message.ShouldContain("changed on disk");

        (await b.BuildAsync(commit, Service())).ShouldSatisfyAllConditions(r => r.Reused.ShouldBeFalse(), r => r.ArtifactDigest.ShouldBe(built.ArtifactDigest));
    }

    [Fact]
    public async Task Artifact_Sealed_IsReadOnly()
    {
        await using var b = new Bench();
        await b.BuildAsync(b.Commit(("a", "x")), Service());
        var tree = b.Store.Tree(b.Store.All().Single().Key);
        const UnixFileMode write = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        (File.GetUnixFileMode(Path.Combine(tree, "a")) & write).ShouldBe((UnixFileMode)0);
        (File.GetUnixFileMode(tree) & write).ShouldBe((UnixFileMode)0);
    }

    [Fact]
    public async Task Start_ArtifactGone_SaysWhatToDo()
    {
        await using var b = new Bench();
        (await Should.ThrowAsync<DeployException>(() => b.StartAsync("sha256:" + new string('0', 64), Service()))).Message.ShouldContain("built anew");
    }

    [Fact]
    public async Task Keep_CollectsAllButPinnedRunningAndRecent()
    {
        await using var b = new Bench(configure: o => (o.KeepRecentArtifacts, o.KeepArtifactsFor) = (1, TimeSpan.Zero));
        var digests = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            digests.Add((await b.BuildAsync(b.Commit(("server.js", Apps.Server), ("n", $"{i}")), Service())).ArtifactDigest);
            if (i == 0) await b.StartAsync(digests[0], Service());
            if (i is 1 or 2 or 3) await b.Target.KeepAsync(new("ws", "shop", digests[i], 2), default);
        }
        await b.Target.KeepAsync(new("ws", "shop", digests[3], 2), default);

        // 0 runs, 2 and 3 are the last two good ones, 5 is the newest; 1 is no longer among the last two, 4 was never good.
        b.Store.All().Select(m => digests.IndexOf(m.Digest)).Order().ShouldBe([0, 2, 3, 5]);
        await b.StopAsync();
        await b.StartAsync(digests[2], Service(), release: 2); // a rollback needs no build
    }

    [Fact]
    public async Task Keep_UnknownArtifact_Succeeds()
    {
        await using var b = new Bench();
        await b.Target.KeepAsync(new("ws", "shop", "sha256:none", 3), default);
    }

    [Fact]
    public async Task Keep_CollectsCheckoutsOfBuildsThatWereCutOffAndOldLogs()
    {
        await using var b = new Bench(configure: o => o.KeepArtifactsFor = TimeSpan.FromHours(1));
        var good = await b.BuildAsync(b.Commit(("a", "x")), Service());
        var (old, young) = (b.Store.Reserve("cutoff-old"), b.Store.Reserve("cutoff-young"));
        foreach (var tree in (string[])[old, young]) Directory.CreateDirectory(tree);
        Directory.SetLastWriteTimeUtc(Path.GetDirectoryName(old)!, DateTime.UtcNow.AddHours(-2));
        for (var i = 0; i < 60; i++)
        {
            var log = b.Paths.BuildLog("ws", "shop", $"commit{i:00}");
            await File.WriteAllTextAsync(log, "x", TestContext.Current.CancellationToken);
            File.SetLastWriteTimeUtc(log, DateTime.UtcNow.AddDays(-i - 1));
        }

        await b.Target.KeepAsync(new("ws", "shop", good.ArtifactDigest, 2), default);

        (Directory.Exists(old), Directory.Exists(young), b.Store.All().Count).ShouldBe((false, true, 1));
        b.Paths.BuildLogs("ws", "shop").Count().ShouldBe(50);
        File.Exists(b.Paths.BuildLog("ws", "shop", "commit00")).ShouldBeTrue();
        File.Exists(b.Paths.BuildLog("ws", "shop", "commit59")).ShouldBeFalse();
    }
}
