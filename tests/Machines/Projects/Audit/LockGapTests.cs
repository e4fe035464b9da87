using System.Text;
using ProdSprint.Projects;

namespace ProdSprint.Tests.Projects;

/// <summary>When the next build may take other versions than this one, that is a gap; and no gap where it takes the same.</summary>
public sealed class LockGapTests
{
    private static AuditReport Audit(params (string, string)[] files) => Auditor.Run(MemoryTree.Of(files));

    private static Gap[] Open(params (string, string)[] files) => [.. Audit(files).Gaps.Where(g => g.Code == GapCodes.LockfileMissing)];

    private static readonly (string, string) Main = ("main.py", "");

    [Theory]
    [InlineData("flask\n")]
    [InlineData("flask>=2\n")]
    [InlineData("flask~=3.0\n")]
    [InlineData("flask==3.*\n")]
    [InlineData("flask==3.0.0\ncelery\n")]
    [InlineData("x @ git+https://host.example/o/x@main\n")]
    [InlineData("git+https://host.example/o/x@v1#egg=x\n")]
    [InlineData("-r there-is-none.txt\n")]
    [InlineData("-r more/base.txt\nflask==3.0.0\n")]
    public void Python_ARequirementThatIsNotPinned_IsAGap(string requirements) =>
        Open(("requirements.txt", requirements), ("more/base.txt", "celery\n"), Main).ShouldHaveSingleItem().At!.Path.ShouldBe("requirements.txt");

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("flask==3.0.0\nrequests[socks] === 2.31.0 ; python_version > '3'  # http\n--index-url https://host.example/simple\n")]
    [InlineData("flask==3.0.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n")]
    [InlineData("-e .\n./lib\nx @ https://host.example/x-1.0-py3-none-any.whl\n")]
    [InlineData("x @ git+https://host.example/o/x@0123456789abcdef0123456789abcdef01234567\n")]
    [InlineData("-r more/pinned.txt\n")]
    [InlineData("flask\n-c more/constraints.txt\n")]
    public void Python_EveryLinePinned_IsNoGap(string requirements) =>
        Open(("requirements.txt", requirements), ("more/pinned.txt", "-c constraints.txt\ncelery==5.4.0\nflask\n"), ("more/constraints.txt", "Flask==3.0.0\n"), Main).ShouldBeEmpty();

    [Fact]
    public void Python_FilesThatIncludeEachOther_End() =>
        Open(("requirements.txt", "-r a.txt\nflask==1\n"), ("a.txt", "-r requirements.txt\n-r a.txt\ncelery==1\n"), Main).ShouldBeEmpty();

    [Fact]
    public void Python_PipfileWithoutItsLock_IsAGap()
    {
        Open(("Pipfile", "[packages]\nflask = \"*\"\n"), Main).ShouldHaveSingleItem().Remediation.ShouldContain("pipenv lock");
        Open(("Pipfile", "[packages]\nflask = \"*\"\n"), ("Pipfile.lock", "{}"), Main).ShouldBeEmpty();
    }

    [Fact]
    public void Python_PyprojectInstalledByPip_IsAGapUnlessPinned()
    {
        Open(("pyproject.toml", "[project]\nname = \"s\"\ndependencies = [\"flask>=3\"]\n"), Main).ShouldHaveSingleItem().Remediation.ShouldContain("uv lock");
        Open(("pyproject.toml", "[project]\nname = \"s\"\ndependencies = [\"flask==3.0.0\"]\n"), Main).ShouldBeEmpty();
        Open(("pyproject.toml", "[project]\nname = \"s\"\ndependencies = [\"flask>=3\"]\n"), ("uv.lock", ""), Main).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("dependencies {\n  implementation 'g:a:1.0'\n}\n")]
    [InlineData("dependencies { implementation(libs.guava) }\n")]
    [InlineData("dependencies {\n  implementation(platform(\"g:bom:1\"))\n}\n")]
    public void Gradle_WithoutLocksOrVerification_IsAGap(string script)
    {
        (string, string) build = ("build.gradle", "plugins { id 'application' }\n" + script);
        Open(build).ShouldHaveSingleItem().Remediation.ShouldContain("--write-locks");
        Open(build, ("gradle.lockfile", "g:a:1.0=runtimeClasspath\n")).ShouldBeEmpty();
        Open(build, ("gradle/verification-metadata.xml", "<verification-metadata/>")).ShouldBeEmpty();
    }

    [Fact]
    public void Gradle_OnlyProjectsOfItsOwn_IsNoGap() => Open(("build.gradle", "plugins { id 'application' }\ndependencies {\n  implementation project(':lib')\n  api(project(\":lib\"))\n}\n")).ShouldBeEmpty();

    [Theory]
    [InlineData("1.*", true)]
    [InlineData("*", true)]
    [InlineData("[1.0,2.0)", true)]
    [InlineData("(,2.0]", true)]
    [InlineData("$(Floats)", true)]
    [InlineData("[1.2.3]", false)]
    [InlineData("1.2.3", false)]
    [InlineData("$(Fixed)", false)]
    public void NuGet_AFloatingVersionOrARange_IsAGap(string version, bool gap)
    {
        (string, string) project = ("app/App.csproj", $"<Project Sdk=\"Microsoft.NET.Sdk.Web\"><PropertyGroup><Floats>2.*</Floats><Fixed>2.0</Fixed></PropertyGroup><ItemGroup><PackageReference Include=\"A\" Version=\"{version}\" /></ItemGroup></Project>");
        Open(project).Length.ShouldBe(gap ? 1 : 0);
        Open(project, ("app/packages.lock.json", "{ \"version\": 1, \"dependencies\": {} }")).ShouldBeEmpty();
    }

    [Fact]
    public void NuGet_AFloatingCentralVersion_IsAGap_AndAnOverrideEndsIt()
    {
        (string, string) central = ("Directory.Packages.props", "<Project><PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup><ItemGroup><PackageVersion Include=\"A\" Version=\"3.*\" /></ItemGroup></Project>");
        Open(central, ("app/App.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><ItemGroup><PackageReference Include=\"A\" /></ItemGroup></Project>")).ShouldHaveSingleItem().Title.ShouldContain("A");
        Open(central, ("app/App.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><ItemGroup><PackageReference Include=\"A\" VersionOverride=\"3.1\" /></ItemGroup></Project>")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("[1,2)", true)]
    [InlineData("LATEST", true)]
    [InlineData("1.0-SNAPSHOT", true)]
    [InlineData("${open}", true)]
    [InlineData("[1.0]", false)]
    [InlineData("1.0", false)]
    public void Maven_AVersionThatMoves_IsAGap(string version, bool gap) =>
        Open(("pom.xml", $"<project><groupId>o</groupId><artifactId>a</artifactId><version>1-SNAPSHOT</version><properties><open>(,3]</open></properties><dependencies><dependency><groupId>g</groupId><artifactId>b</artifactId><version>{version}</version></dependency></dependencies></project>")).Length.ShouldBe(gap ? 1 : 0);

    [Theory]
    [InlineData("pubspec.yaml", "name: a\ndependencies:\n  shelf: ^1.0.0\n", "pubspec.lock")]
    [InlineData("Package.swift", "let p = Package(dependencies: [.package(url: \"https://host.example/x\", from: \"1.0.0\")])", "Package.resolved")]
    [InlineData("deno.json", "{ \"imports\": { \"a\": \"jsr:@s/a@1\" } }", "deno.lock")]
    [InlineData("gleam.toml", "name = \"a\"\n[dependencies]\nwisp = \"~> 1.0\"\n", "manifest.toml")]
    public void Others_WithoutTheirLock_AreAGap(string manifest, string text, string lockFile)
    {
        Open((manifest, text)).ShouldHaveSingleItem().Remediation.ShouldContain(lockFile);
        Open((manifest, text), (lockFile, lockFile == "deno.lock" || lockFile == "Package.resolved" ? "{ \"version\": 3 }" : "")).ShouldBeEmpty();
    }

    [Fact]
    public void Deno_OnlyFilesOfItsOwn_IsNoGap() => Open(("deno.json", "{ \"imports\": { \"~/\": \"./\" } }"), ("main.ts", "")).ShouldBeEmpty();

    [Theory]
    [InlineData("package-lock.json", "{ \"packages\": ")]
    [InlineData("package-lock.json", "{ \"lockfileVersion\": 99, \"packages\": {} }")]
    [InlineData("package-lock.json", "{ \"packages\": { \"node_modules/a\": { \"version\": \"1\", \"dev\": \"yes\" } } }")]
    [InlineData("package-lock.json", "{ \"packages\": {}, \"packages\": {} }")]
    [InlineData("pnpm-lock.yaml", "lockfileVersion: '12.0'\n")]
    [InlineData("yarn.lock", "# yarn lockfile v1\n<<<<<<< HEAD\na@1:\n  version \"1.0.0\"\n=======\n>>>>>>> other\n")]
    [InlineData("bun.lockb", "#!/usr/bin/env bun\n")]
    [InlineData("Cargo.lock", "[[package")]
    public void ALockFileThatCannotBeRead_StandsAgainstThePlan(string path, string text)
    {
        var gap = Audit((path, text), ("main.py", "")).Gaps.Single(g => g.Code == GapCodes.LockfileUnread);
        (gap.Severity, gap.At!.Path).ShouldBe((GapSeverity.Blocking, path));
        gap.Remediation.ShouldContain(path == "bun.lockb" ? "bun install --save-text-lockfile" : path);
    }

    [Fact]
    public void ALockFileOf40Mebibytes_StandsAgainstThePlan_AndIsNotRead()
    {
        var tree = new MemoryTree([new("composer.lock", 40L << 20, TreeEntryKind.File)], new Dictionary<string, byte[]>());
        Auditor.Run(tree).Gaps.Single(g => g.Code == GapCodes.LockfileUnread).Severity.ShouldBe(GapSeverity.Blocking);
        tree.Reads.ShouldBe(0);
    }

    [Fact]
    public void ABinaryLockFileBesideTheTextOfIt_IsNoGap() =>
        Audit(("bun.lockb", "x"), ("bun.lock", "{}"), ("package.json", "{}")).Gaps.ShouldNotContain(g => g.Code == GapCodes.LockfileUnread);

    /// <summary>Each would take hours if one line of it cost as much as all before it.</summary>
    [Theory]
    [InlineData("go.mod", "\n")]
    [InlineData("go.mod", "require (\n")]
    [InlineData("requirements.txt", "-r requirements.txt\n")]
    [InlineData("requirements.txt", "a==1 \\\n")]
    [InlineData("cabal.project.freeze", " any.a ")]
    [InlineData("build.zig.zon", ".a = .{ ")]
    [InlineData("deps.edn", "a {")]
    [InlineData("build.sbt", "\"a\" %% ")]
    [InlineData("paket.lock", "      a\n")]
    public void ALargeHostileLockFile_EndsSoon(string path, string piece)
    {
        var text = new StringBuilder();
        while (text.Length < 4 << 20) text.Append(piece);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        ProdSprint.Supply.SbomReader.Read(MemoryTree.Of((path, text.ToString())));
        clock.Elapsed.TotalSeconds.ShouldBeLessThan(30);
    }
}
