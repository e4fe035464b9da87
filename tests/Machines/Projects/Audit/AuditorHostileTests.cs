using System.Text;
using ProdSprint.Projects;

namespace ProdSprint.Tests.Projects;

public sealed class AuditorHostileTests
{
    private static AuditReport Audit(params (string, string)[] files) => Auditor.Run(MemoryTree.Of(files));

    [Theory]
    [InlineData("link", "/etc/passwd")]
    [InlineData("link", "../outside")]
    [InlineData("a/b/link", "../../../outside")]
    [InlineData("link", ".git/config")]
    [InlineData("link", "link")]
    public void Run_LinkOutOfTheRepository_IsABlockingGap(string path, string target)
    {
        var report = Auditor.Run(new MemoryTree([new(path, 0, TreeEntryKind.SymbolicLink, target)], new Dictionary<string, byte[]>()));
        report.Gaps.ShouldContain(g => g.Code == GapCodes.SymlinkEscape && g.Severity == GapSeverity.Blocking && g.At!.Path == path);
    }

    [Fact]
    public void Run_TwoHarmlessLinksThatLeaveTogether_AreABlockingGap()
    {
        var report = Auditor.Run(new MemoryTree([new("d/up", 0, TreeEntryKind.SymbolicLink, ".."), new("x", 0, TreeEntryKind.SymbolicLink, "d/up/..")], new Dictionary<string, byte[]>()));
        report.Gaps.Where(g => g.Code == GapCodes.SymlinkEscape).Select(g => g.At!.Path).ShouldBe(["x"]);
    }

    [Fact]
    public void Run_LinkInside_IsNoGap() =>
        Auditor.Run(new MemoryTree([new("docs/latest", 0, TreeEntryKind.SymbolicLink, "../src/v1")], new Dictionary<string, byte[]>())).Gaps.ShouldNotContain(g => g.Code == GapCodes.SymlinkEscape);

    [Theory]
    [InlineData("../evil.js")]
    [InlineData("/etc/cron.d/x")]
    [InlineData("a/../../b")]
    [InlineData("a//b")]
    [InlineData(".git/hooks/pre-commit")]
    [InlineData("a\\..\\b")]
    [InlineData("line\nbreak")]
    public void Run_PathThatWouldLeave_IsABlockingGapAndNotRead(string path)
    {
        var tree = new MemoryTree([new(path, 3, TreeEntryKind.File)], new Dictionary<string, byte[]> { [path] = "x=1"u8.ToArray() });
        Auditor.Run(tree).Gaps.ShouldContain(g => g.Code == GapCodes.PathInvalid);
        tree.Reads.ShouldBe(0);
    }

    [Fact]
    public void Run_BrokenJson_IsAGapWithFileAndPosition()
    {
        var gap = Audit(("package.json", "{\n  \"name\": \"x\",\n  \"scripts\": { start }\n}")).Gaps.Single(g => g.Code == GapCodes.ManifestBroken);
        gap.At!.Path.ShouldBe("package.json");
        gap.At.Line.ShouldBe(3);
        gap.At.Column.ShouldBeGreaterThan(1);
        gap.Remediation.ShouldContain("package.json");
    }

    [Theory]
    [InlineData("pyproject.toml", "[project]\nname = \"x\ndependencies = []\n", 2)]
    [InlineData("app/App.csproj", "<Project>\n  <ItemGroup>\n</Project>", 3)]
    [InlineData("app/App.csproj", "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>\n<Project>&a;</Project>", 0)]
    [InlineData("Procfile", "web: node x\nwhat is this\n", 2)]
    public void Run_BrokenManifest_IsAGapWithItsLine(string path, string text, int line) =>
        Audit((path, text)).Gaps.ShouldContain(g => g.Code == GapCodes.ManifestBroken && g.At!.Path == path && (line == 0 || g.At.Line == line));

    [Theory]
    [InlineData("prodsprint.yml")]
    [InlineData("package.json")]
    [InlineData("pnpm-workspace.yaml")]
    public void Run_BinaryFileAsManifest_IsAGap(string name)
    {
        var bytes = Enumerable.Range(0, 4096).Select(i => (byte)(i * 37)).ToArray();
        var files = new Dictionary<string, byte[]> { [name] = bytes, ["package.json"] = name == "package.json" ? bytes : "{}"u8.ToArray() };
        var report = Auditor.Run(new MemoryTree(files.Select(f => new TreeEntry(f.Key, f.Value.Length, TreeEntryKind.File)), files));
        report.Gaps.ShouldContain(g => g.Code == GapCodes.ManifestBinary && g.At!.Path == name);
    }

    [Theory]
    [InlineData("a: &x [1]\nb: *x\n")]
    [InlineData("a: !!binary AAAA\n")]
    [InlineData("a: 1\na: 2\n")]
    [InlineData("a: 1\n---\nb: 2\n")]
    [InlineData("a: [1, 2\n")]
    [InlineData("\t- x")]
    public void Run_HostileYaml_IsAGap(string text) => Audit(("prodsprint.yml", text)).Gaps.ShouldContain(g => g.Code == GapCodes.ConfigurationInvalid && g.At!.Line > 0);

    [Fact]
    public void Run_DeeplyNestedManifests_AreGaps()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 50_000));
        Audit(("package.json", "{\"a\":" + deep), ("prodsprint.yml", deep), ("pyproject.toml", "a = " + deep)).Gaps.Length.ShouldBeGreaterThanOrEqualTo(3);
    }

    [Fact]
    public void Run_GiantManifest_IsNotRead()
    {
        var tree = new MemoryTree([new("package.json", 1L << 30, TreeEntryKind.File)], new Dictionary<string, byte[]>());
        Auditor.Run(tree).Gaps.ShouldContain(g => g.Code == GapCodes.ManifestTooLarge);
        tree.Reads.ShouldBe(0);
    }

    [Fact]
    public void Run_ThousandEscapes_GivesABoundedReport()
    {
        var links = Enumerable.Range(0, 1000).Select(i => new TreeEntry($"l{i:0000}", 0, TreeEntryKind.SymbolicLink, "/"));
        var gaps = Auditor.Run(new MemoryTree(links, new Dictionary<string, byte[]>())).Gaps;
        gaps.Length.ShouldBeLessThan(60);
        gaps.ShouldContain(g => g.Title.Contains("950 more", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_InvalidUtf8Source_DoesNotStopTheAudit()
    {
        var files = new Dictionary<string, byte[]>
        {
            ["package.json"] = "{\"scripts\":{\"start\":\"node a.js\"}}"u8.ToArray(),
            ["a.js"] = [0xC3, 0x28, .. Encoding.ASCII.GetBytes("\nconst x = process.env.NAME || 'y';")],
        };
        var report = Auditor.Run(new MemoryTree(files.Select(f => new TreeEntry(f.Key, f.Value.Length, TreeEntryKind.File)), files));
        report.Services.Single().EnvironmentVariables.Single().ReadAt.Single().Line.ShouldBe(2);
    }

    /// <summary>The work, not the time: each file is read a bounded number of times however many there are.</summary>
    [Fact]
    public void Run_FiveThousandFiles_ReadsEachAtMostTwice()
    {
        var files = Enumerable.Range(0, 5000).Select(i => ($"src/{i / 50}/file{i}.js", $"const a{i} = process.env.V{i % 40} || 1;\n"))
            .Append(("package.json", "{\"name\":\"big\",\"scripts\":{\"start\":\"node src/0/file0.js\"}}")).ToArray();
        var tree = MemoryTree.Of(files);
        var report = Auditor.Run(tree);
        report.Tree.Files.ShouldBe(5001);
        report.Services.Single().EnvironmentVariables.Length.ShouldBe(40);
        tree.Reads.ShouldBeLessThanOrEqualTo(2 * 5001);
    }
}
