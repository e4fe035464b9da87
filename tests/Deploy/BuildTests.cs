using ProdSprint.Deploy;
using static ProdSprint.Tests.Deploy.Bench;

namespace ProdSprint.Tests.Deploy;

public sealed class BuildTests
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task Build_InstallAndBuild_KeepsWhatTheyMadeAsAnArtifact(bool sandbox)
    {
        await using var b = new Bench(sandbox);
        var commit = b.Commit(("a.txt", "one"), ("run.sh", "echo made > made.txt; echo building; test -w \"$HOME\" && echo home ok"));

        var result = await b.BuildAsync(commit, Service(install: "echo installing > installed", build: "sh run.sh"));

        result.Reused.ShouldBeFalse();
        var manifest = b.Store.All().ShouldHaveSingleItem();
        manifest.Digest.ShouldBe(result.ArtifactDigest);
        Directory.GetFiles(b.Store.Tree(manifest.Key)).Select(Path.GetFileName).Order().ShouldBe(["a.txt", "installed", "made.txt", "run.sh"]);
        b.Log.ShouldContain("building");
        b.Log.ShouldContain("home ok");
        Directory.Exists(b.Paths.Work(manifest.Key)).ShouldBeFalse();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Build_CommandFails_ErrorHasTheLastLinesAndNothingStays(bool sandbox)
    {
        await using var b = new Bench(sandbox);
        var commit = b.Commit(("a.txt", "one"));

        var e = await Should.ThrowAsync<DeployException>(() => b.BuildAsync(commit, Service(build: "echo first; echo 'cannot find module x' >&2; exit 4")));

        e.Message.ShouldContain("exit code 4");
        e.Message.ShouldContain("cannot find module x");
        e.Retry.ShouldBeFalse();
        b.Store.All().ShouldBeEmpty();
        Directory.EnumerateFileSystemEntries(b.Paths.Artifacts).ShouldBeEmpty();
    }

    [Fact]
    public async Task Build_ProgramMissing_SaysSo()
    {
        await using var b = new Bench();
        var e = await Should.ThrowAsync<DeployException>(() => b.BuildAsync(b.Commit(("a", "")), Service(build: "no-such-program-here")));
        e.Message.ShouldContain("not installed");
    }

    [Theory, InlineData("# yarn lockfile v1", "yarn@1"), InlineData("__metadata:\n  version: 8", "@yarnpkg/cli-dist@4")]
    public async Task Build_AsksForYarnThatIsNotInstalled_GetsTheOneThatFitsTheLockFileThroughNpx(string lockFile, string package)
    {
        // A PATH with nothing but what the build needs, and an npx that says what it was asked for.
        var tools = Directory.CreateTempSubdirectory("prodsprint-tools-").FullName;
        foreach (var tool in (string[])["sh", "grep"]) File.CreateSymbolicLink(Path.Combine(tools, tool), $"/bin/{tool}");
        File.WriteAllText(Path.Combine(tools, "npx"), "#!/bin/sh\necho npx \"$@\"\n");
        File.SetUnixFileMode(Path.Combine(tools, "npx"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using var b = new Bench(sandbox: false, configure: o => o.Path = tools);

        await b.BuildAsync(b.Commit(("yarn.lock", lockFile)), Service(install: "yarn install"));

        b.Log.ShouldContain($"npx --yes --package {package} -- yarn install");
        Directory.Delete(tools, true);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Build_OverItsTimeLimit_IsStoppedWithAllItStarted(bool sandbox)
    {
        await using var b = new Bench(sandbox);
        var commit = b.Commit(("a.txt", "one"));

        var e = await Should.ThrowAsync<DeployException>(() =>
            b.BuildAsync(commit, Service(build: "(setsid sleep 4242 &) ; echo started; sleep 4343", buildSeconds: 1.5)));

        e.Message.ShouldContain("time limit of 1.5 s");
        e.Message.ShouldContain("started");
        Left(b).ShouldBeEmpty();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Build_Cancelled_LeavesNothingRunning(bool sandbox)
    {
        await using var b = new Bench(sandbox);
        var commit = b.Commit(("a.txt", "one"));
        using var cancel = new CancellationTokenSource();

        var build = b.Target.BuildAsync(
            new("ws", "shop", commit, Service(build: "(setsid sleep 4242 &) ; echo started; sleep 4343"), false), l => { if (l == "started") cancel.Cancel(); }, cancel.Token);

        await Should.ThrowAsync<OperationCanceledException>(build);
        Left(b).ShouldBeEmpty();
        b.Store.All().ShouldBeEmpty();
    }

    [Fact]
    public async Task Build_LeavesABackgroundProcess_EndsAndKillsIt()
    {
        await using var b = new Bench(sandbox: false);
        var result = await b.BuildAsync(b.Commit(("a", "")), Service(build: "(sleep 4242 &) ; echo done"));
        result.ArtifactDigest.ShouldStartWith("sha256:");
        Left(b).ShouldBeEmpty();
    }

    [Fact]
    public async Task Build_FloodsItsLog_GoesOnAndTheLogIsCutWithANote()
    {
        await using var b = new Bench(configure: o => o.BuildLogBytes = 64 << 10);
        var commit = b.Commit(("a.txt", "one"));

        await b.BuildAsync(commit, Service(build: "yes 'the same line again and again' | head -c 20000000; head -c 3000000 /dev/zero; echo; echo the end"));

        var log = new FileInfo(b.Paths.BuildLog("ws", "shop", commit));
        log.Length.ShouldBeLessThan(80 << 10);
        File.ReadAllText(log.FullName).ShouldContain("log cut here");
        b.Log.Count.ShouldBeLessThan(2100);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Build_OverItsDiskLimitWithManyFiles_IsStoppedAndNothingIsKept(bool sandbox)
    {
        await using var b = new Bench(sandbox);
        var commit = b.Commit(("a.txt", "one"));

        var e = await Should.ThrowAsync<DeployException>(() =>
            b.BuildAsync(commit, Service(build: "for i in 1 2 3 4 5 6 7 8; do head -c 4000000 /dev/zero > f$i; done; sleep 4343", diskMiB: 16)));

        e.Message.ShouldContain("limit of 16 MiB");
        Directory.EnumerateFileSystemEntries(b.Paths.Artifacts).ShouldBeEmpty();
        Directory.Exists(Path.Combine(b.Options.Root, "work")).ShouldBeTrue();
        Directory.EnumerateFileSystemEntries(Path.Combine(b.Options.Root, "work")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Build_OneFileOverTheDiskLimit_FailsAtOnce()
    {
        await using var b = new Bench();
        var e = await Should.ThrowAsync<DeployException>(() => b.BuildAsync(b.Commit(("a", "")), Service(build: "exec head -c 100000000 /dev/zero > big", diskMiB: 16)));
        e.Message.ShouldMatch("limit of 16 MiB|File too large|larger than the build's disk limit");
        b.Store.All().ShouldBeEmpty();
    }

    [Fact]
    public async Task Build_LittleSpaceLeft_IsStoppedAndMayBeRetried()
    {
        await using var b = new Bench(configure: o => o.MinFreeDiskMiB = int.MaxValue);
        var e = await Should.ThrowAsync<DeployException>(() => b.BuildAsync(b.Commit(("a", "")), Service(build: "sleep 4343")));
        e.Message.ShouldContain("disk is nearly full");
        e.Retry.ShouldBeTrue();
        Left(b).ShouldBeEmpty();
    }

    [Fact]
    public async Task Build_SameCommitAndPlan_ReusesTheArtifact()
    {
        await using var b = new Bench();
        var commit = b.Commit(("a.txt", "one"));
        var first = await b.BuildAsync(commit, Service(build: "date +%N > when"));

        var again = await b.BuildAsync(commit, Service(build: "date +%N > when", start: "another start"));
        var other = await b.BuildAsync(commit, Service(build: "date +%N > when; true"));

        again.Reused.ShouldBeTrue();
        again.ArtifactDigest.ShouldBe(first.ArtifactDigest);
        other.Reused.ShouldBeFalse();
    }

    [Fact]
    public async Task Build_CutOffByACrash_IsMadeAnew()
    {
        await using var b = new Bench();
        var commit = b.Commit(("a.txt", "one"));
        var key = ArtifactIdentity.Key("ws", "shop", commit, Service());
        Directory.CreateDirectory(b.Store.Tree(key));
        File.WriteAllText(Path.Combine(b.Store.Tree(key), "half"), "written");

        var result = await b.BuildAsync(commit, Service());

        result.Reused.ShouldBeFalse();
        File.Exists(Path.Combine(b.Store.Tree(key), "half")).ShouldBeFalse();
    }

    [Fact]
    public async Task Build_WithTests_CountsThemAndKeepsTheirFilesOut()
    {
        await using var b = new Bench();
        var commit = b.Commit(("t.test.js", "const t=require('node:test'),fs=require('fs'); t('a',()=>{fs.writeFileSync('coverage','x')}); t('b',()=>{}); t('c',()=>{throw new Error('no')});"));

        var result = await b.BuildAsync(commit, Service(test: "node --test"), tests: true);

        (result.TestsPassed, result.TestsFailed).ShouldBe((2, 1));
        var key = b.Store.All().Single().Key;
        File.Exists(Path.Combine(b.Store.Tree(key), "coverage")).ShouldBeFalse();
        (await b.BuildAsync(commit, Service(test: "node --test"), tests: true)).ShouldSatisfyAllConditions(r => r.Reused.ShouldBeTrue(), r => r.TestsFailed.ShouldBe(1));
    }

    [Fact]
    public async Task Build_Environment_HoldsThePlanAndNothingOfTheServer()
    {
        Environment.SetEnvironmentVariable("A_SERVER_SECRET", "s3cret");
        await using var b = new Bench();
        await b.BuildAsync(b.Commit(("a", "")), Service(build: "env; echo COLOUR is $COLOUR", variables: Variable("COLOUR", "blue")));
        b.Log.ShouldContain("COLOUR is blue");
        b.Log.ShouldNotContain(l => l.Contains("s3cret"));
    }

    [Fact]
    public async Task Build_InTheSandbox_CannotWriteOutsideNorSeeTheRoot()
    {
        if (!Sandbox.Works) Assert.Skip("bubblewrap does not work here");
        await using var b = new Bench();
        var outside = Path.Combine(b.Home, "outside");
        await b.BuildAsync(b.Commit(("a", "")), Service(build:
            $"echo x > {outside} && echo WROTE OUTSIDE; echo x > /etc/prodsprint-was-here && echo WROTE ETC; ls {b.Options.Root}/logs && echo SAW LOGS; ps -e | wc -l; echo x > /tmp/mine && echo tmp ok"));
        b.Log.ShouldContain("tmp ok");
        b.Log.ShouldNotContain("WROTE ETC");
        b.Log.ShouldNotContain("SAW LOGS");
        File.Exists(outside).ShouldBeFalse();
        File.Exists("/tmp/mine").ShouldBeFalse();
    }

    /// <summary>What the sleeps of a build left behind: their times are used nowhere else, and the root tells whose they are.</summary>
    private static List<int> Left(Bench b) =>
        [.. ProcessTable.All().Where(p => p.Alive && p.Name == "sleep" && Environ(p.Pid).Contains(b.Options.Root)).Select(p => p.Pid)];

    private static string Environ(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
