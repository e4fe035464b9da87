using System.Text.Json.Nodes;
using ProdSprint.Projects;
using ProdSprint.Supply;

namespace ProdSprint.Tests.Supply;

public sealed class SbomTests
{
    private static BillOfMaterials Read(string path, string text) => SbomReader.Read(MemoryTree.Of((path, text)));

    private static string[] Purls(string path, string text) => [.. Read(path, text).Components.Select(c => c.Purl + (c.Development ? " dev" : ""))];

    [Fact]
    public void Npm_FoldersAliasesScopesAndLinks()
    {
        var bill = Read("package-lock.json", """
            { "lockfileVersion": 3, "packages": {
              "": { "name": "app", "dependencies": { "a": "1" } },
              "packages/own": { "name": "own", "version": "1.0.0" },
              "node_modules/own": { "resolved": "packages/own", "link": true },
              "node_modules/a": { "version": "1.0.0", "license": "MIT", "dependencies": { "@s/b": "2", "c": "1" } },
              "node_modules/a/node_modules/c": { "version": "1.5.0" },
              "node_modules/c": { "version": "2.0.0", "dev": true },
              "node_modules/@s/b": { "version": "2.0.0", "dependencies": { "c": "2" } },
              "node_modules/other": { "name": "real", "version": "3.0.0" } } }
            """);
        bill.Components.Select(c => (c.Purl, c.Development)).ShouldBe([
            ("pkg:npm/%40s/b@2.0.0", false), ("pkg:npm/a@1.0.0", false), ("pkg:npm/c@1.5.0", false), ("pkg:npm/c@2.0.0", true), ("pkg:npm/real@3.0.0", false)]);
        bill.Components.Single(c => c.Name == "a").DependsOn.ShouldBe(["pkg:npm/%40s/b@2.0.0", "pkg:npm/c@1.5.0"]);
        bill.Components.Single(c => c.Name == "@s/b").DependsOn.ShouldBe(["pkg:npm/c@2.0.0"]);
        bill.Components.Single(c => c.Name == "a").Licence.ShouldBe("MIT");
    }

    [Fact]
    public void Npm_VersionOne_Nests() => Purls("package-lock.json", """
        { "lockfileVersion": 1, "dependencies": { "a": { "version": "1.0.0", "dependencies": { "b": { "version": "0.5.0" } } }, "b": { "version": "1.0.0", "dev": true }, "x": { "version": "npm:@s/y@2.0.0" }, "g": { "version": "git+ssh://x#abc" } } }
        """).ShouldBe(["pkg:npm/%40s/y@2.0.0", "pkg:npm/a@1.0.0", "pkg:npm/b@0.5.0", "pkg:npm/b@1.0.0 dev"]);

    [Fact]
    public void Yarn_Classic_KnowsWhatNeedsWhat()
    {
        var bill = Read("yarn.lock", "# yarn lockfile v1\n\n\"@s/a@^1.0.0\", \"@s/a@^1.1.0\":\n  version \"1.2.0\"\n  resolved \"x\"\n  dependencies:\n    b \"^2.0.0\"\n    \"@s/c\" \"~1\"\n\nb@^2.0.0:\n  version \"2.1.0\"\n\n\"@s/c@~1\":\n  version \"1.0.5\"\n\nd@npm:e@^3:\n  version \"3.0.1\"\n");
        bill.Components.Select(c => c.Purl).ShouldBe(["pkg:npm/%40s/a@1.2.0", "pkg:npm/%40s/c@1.0.5", "pkg:npm/b@2.1.0", "pkg:npm/e@3.0.1"]);
        bill.Components[0].DependsOn.ShouldBe(["pkg:npm/%40s/c@1.0.5", "pkg:npm/b@2.1.0"]);
    }

    [Fact]
    public void Yarn_Berry_LeavesWorkspacesOut() => Purls("yarn.lock", """
        __metadata:
          version: 8

        "a@npm:^1.0.0":
          version: 1.2.3
          resolution: "a@npm:1.2.3"
          dependencies:
            b: "npm:^2.0.0"

        "b@npm:^2.0.0":
          version: 2.0.0
          resolution: "b@npm:2.0.0"

        "app@workspace:.":
          version: 0.0.0-use.local
          resolution: "app@workspace:."
        """).ShouldBe(["pkg:npm/a@1.2.3", "pkg:npm/b@2.0.0"]);

    [Theory]
    [InlineData("lockfileVersion: 5.4\npackages:\n  /a/1.0.0:\n    dev: false\n    dependencies:\n      '@s/b': 2.0.0_x@1.0.0\n  /@s/b/2.0.0_x@1.0.0:\n    dev: true\n")]
    [InlineData("lockfileVersion: '6.0'\npackages:\n  /a@1.0.0:\n    dev: false\n  /@s/b@2.0.0(x@1.0.0):\n    dev: true\n")]
    [InlineData("lockfileVersion: '9.0'\npackages:\n  a@1.0.0:\n    resolution: {integrity: x}\n  '@s/b@2.0.0':\n    resolution: {integrity: x}\nsnapshots:\n  a@1.0.0:\n    dependencies:\n      '@s/b': 2.0.0(x@1.0.0)\n  '@s/b@2.0.0(x@1.0.0)': {}\n")]
    public void Pnpm_AllForms(string text) => Read("pnpm-lock.yaml", text).Components.Select(c => c.Purl).ShouldBe(["pkg:npm/%40s/b@2.0.0", "pkg:npm/a@1.0.0"]);

    [Fact]
    public void Pnpm_Nine_DependenciesComeFromSnapshots() =>
        Read("pnpm-lock.yaml", "lockfileVersion: '9.0'\npackages:\n  a@1.0.0:\n    resolution: {integrity: x}\n  b@2.0.0:\n    resolution: {integrity: x}\nsnapshots:\n  a@1.0.0:\n    dependencies:\n      b: 2.0.0\n  b@2.0.0: {}\n")
            .Components.Single(c => c.Name == "a").DependsOn.ShouldBe(["pkg:npm/b@2.0.0"]);

    [Theory]
    [InlineData("bun.lock", "{ \"packages\": { \"a\": [\"a@1.0.0\", \"\", { \"dependencies\": { \"b\": \"1\" } }, \"sha\"], \"b\": [\"b@1.0.0\", \"\", {}, \"sha\"], \"w\": [\"w@workspace:w\"], } }", "pkg:npm/a@1.0.0", "pkg:npm/b@1.0.0")]
    [InlineData("poetry.lock", "[[package]]\nname = \"Flask_Thing\"\nversion = \"3.0\"\n[package.dependencies]\nclick = \">=8\"\n[[package]]\nname = \"click\"\nversion = \"8.1\"\n", "pkg:pypi/click@8.1", "pkg:pypi/flask-thing@3.0")]
    [InlineData("uv.lock", "[[package]]\nname = \"app\"\nversion = \"0.1\"\nsource = { editable = \".\" }\n[[package]]\nname = \"idna\"\nversion = \"3.7\"\nsource = { registry = \"x\" }\n", "pkg:pypi/idna@3.7")]
    [InlineData("Pipfile.lock", "{ \"default\": { \"requests\": { \"version\": \"==2.31.0\" } }, \"develop\": { \"pytest\": { \"version\": \"==8.0.0\" } } }", "pkg:pypi/pytest@8.0.0 dev", "pkg:pypi/requests@2.31.0")]
    [InlineData("requirements.txt", "flask==3.0.0  # web\nrequests[socks]==2.31.0 ; python_version > '3'\ndjango>=4\n-r other.txt\nx==1.* \nGunicorn==21.2.0 \\\n    --hash=sha256:a\n", "pkg:pypi/flask@3.0.0", "pkg:pypi/gunicorn@21.2.0", "pkg:pypi/requests@2.31.0")]
    [InlineData("go.mod", "module m\ngo 1.22\nrequire github.com/a/b v1.2.3\nrequire (\n\tgithub.com/c/d/v2 v2.0.0 // indirect\n\tgithub.com/e/f v0.1.0\n\tgithub.com/g/h v1.0.0\n)\nreplace github.com/e/f => ../f\nreplace github.com/g/h v1.0.0 => github.com/i/j v1.1.0\n", "pkg:golang/github.com/a/b@v1.2.3", "pkg:golang/github.com/c/d/v2@v2.0.0", "pkg:golang/github.com/i/j@v1.1.0")]
    [InlineData("gradle.lockfile", "# c\ncom.a:b:1.0=compileClasspath,runtimeClasspath\norg.junit:junit:5=testRuntimeClasspath\nempty=\n", "pkg:maven/com.a/b@1.0", "pkg:maven/org.junit/junit@5 dev")]
    [InlineData("pom.xml", "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><properties><v>2.1</v></properties><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId><version>${v}</version></dependency><dependency><groupId>g</groupId><artifactId>managed</artifactId></dependency><dependency><groupId>g</groupId><artifactId>t</artifactId><version>1</version><scope>test</scope></dependency></dependencies></project>", "pkg:maven/g/a@2.1", "pkg:maven/g/t@1 dev")]
    [InlineData("packages.lock.json", "{ \"version\": 1, \"dependencies\": { \"net10.0\": { \"Npgsql\": { \"type\": \"Direct\", \"resolved\": \"10.0.0\" }, \"own\": { \"type\": \"Project\" } } } }", "pkg:nuget/Npgsql@10.0.0")]
    [InlineData("Gemfile.lock", "GIT\n  remote: x\n  specs:\n    forked (1.0)\n\nGEM\n  remote: https://rubygems.org/\n  specs:\n    nokogiri (1.16.0-x86_64-linux)\n      racc (~> 1.4)\n    racc (1.7.3)\n\nPLATFORMS\n  ruby\n", "pkg:gem/nokogiri@1.16.0", "pkg:gem/racc@1.7.3")]
    [InlineData("composer.lock", "{ \"packages\": [ { \"name\": \"Symfony/Console\", \"version\": \"v6.4.0\", \"license\": [\"MIT\"] } ], \"packages-dev\": [ { \"name\": \"phpunit/phpunit\", \"version\": \"10.0.0\" } ] }", "pkg:composer/phpunit/phpunit@10.0.0 dev", "pkg:composer/symfony/console@6.4.0")]
    [InlineData("Cargo.lock", "version = 3\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\"serde\"]\n[[package]]\nname = \"serde\"\nversion = \"1.0.200\"\nsource = \"registry+x\"\n", "pkg:cargo/serde@1.0.200")]
    [InlineData("mix.lock", "%{\n  \"jason\": {:hex, :jason, \"1.4.1\", \"x\", [:mix], [], \"hexpm\", \"y\"},\n}\n", "pkg:hex/jason@1.4.1")]
    [InlineData("pubspec.lock", "packages:\n  http:\n    dependency: \"direct main\"\n    source: hosted\n    version: \"1.2.0\"\n  own:\n    source: path\n    version: \"0.0.1\"\n", "pkg:pub/http@1.2.0")]
    [InlineData("Package.resolved", "{ \"pins\": [ { \"identity\": \"vapor\", \"location\": \"https://github.com/vapor/vapor.git\", \"state\": { \"version\": \"4.90.0\" } } ], \"version\": 2 }", "pkg:swift/github.com/vapor/vapor@4.90.0")]
    [InlineData("a/b.csproj", "<Project><ItemGroup><PackageReference Include=\"Npgsql\" Version=\"10.0.0\" /><PackageReference Include=\"X\" Version=\"1.*\" /><PackageReference Include=\"Central\" /></ItemGroup></Project>", "pkg:nuget/Npgsql@10.0.0")]
    [InlineData(".github/workflows/ci.yml", "on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - uses: ./local\n      - uses: docker://alpine:3\n  b:\n    uses: o/r/.github/workflows/x.yml@main\n", "pkg:github/actions/checkout@v4 dev", "pkg:github/o/r/.github/workflows/x.yml@main dev")]
    public void Read_EachEcosystem(string file, string text, params string[] purls) => Purls(file, text).ShouldBe(purls);

    [Theory]
    [InlineData("package-lock.json", "{ \"packages\": ")]
    [InlineData("pnpm-lock.yaml", "a: &x [*x]\nb: *x\n")]
    [InlineData("Cargo.lock", "[[package")]
    [InlineData("pom.xml", "<!DOCTYPE x [<!ENTITY a \"b\">]><project>&a;</project>")]
    public void Read_Broken_IsToldAndTheRestIsRead(string file, string text)
    {
        var bill = SbomReader.Read(MemoryTree.Of((file, text), ("other/go.mod", "module m\nrequire a.b/c v1.0.0\n")));
        bill.Unread.Single().Path.ShouldBe(file);
        bill.Components.Single().Purl.ShouldBe("pkg:golang/a.b/c@v1.0.0");
    }

    /// <summary>No way through them all: 16 to the power of 12.</summary>
    [Fact]
    public void Actions_OfAWorkflowWhoseAliasesMultiply_AreFoundOnce()
    {
        var lines = "a0: &a0\n  - uses: actions/checkout@v4\n" + string.Concat(Enumerable.Range(1, 12).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 16))}]\n"));
        Purls(".github/workflows/ci.yml", lines).ShouldBe(["pkg:github/actions/checkout@v4 dev"]);
    }

    [Theory]
    [InlineData("package-lock.json")]
    [InlineData("yarn.lock")]
    [InlineData("pnpm-lock.yaml")]
    [InlineData("Cargo.lock")]
    [InlineData("poetry.lock")]
    public void Read_LockFileOf200Megabytes_IsNotRead_AndToldSo(string file)
    {
        var tree = new MemoryTree([new(file, 200L << 20, TreeEntryKind.File), new("other/go.mod", 40, TreeEntryKind.File)], new Dictionary<string, byte[]> { ["other/go.mod"] = "module m\nrequire a.b/c v1.0.0\n"u8.ToArray() });
        var bill = SbomReader.Read(tree);
        bill.Unread.ShouldBe([new(file, "it has 200 MiB; at most 32 are read")]);
        bill.Components.Single().Purl.ShouldBe("pkg:golang/a.b/c@v1.0.0");
        tree.Reads.ShouldBe(1);
    }

    [Fact]
    public void Read_LockFileThatIsNoUtf8_IsToldAndTheRestIsRead()
    {
        var files = new Dictionary<string, byte[]> { ["package-lock.json"] = [0xC3, 0x28, 0x00, 0xFF, 0x00], ["other/go.mod"] = "module m\nrequire a.b/c v1.0.0\n"u8.ToArray() };
        var bill = SbomReader.Read(new MemoryTree(files.Select(f => new TreeEntry(f.Key, f.Value.Length, TreeEntryKind.File)), files));
        bill.Unread.Single().Path.ShouldBe("package-lock.json");
        bill.Components.Single().Purl.ShouldBe("pkg:golang/a.b/c@v1.0.0");
    }

    [Fact]
    public void Write_BothFormats_NameEveryComponentOnce_AndTheSameBytesAgain()
    {
        var bill = Read("package-lock.json", """{ "packages": { "": {}, "node_modules/a": { "version": "1.0.0", "license": "MIT", "dependencies": { "b": "1" } }, "node_modules/b": { "version": "1.0.0" } } }""");
        var cyclone = JsonNode.Parse(CycloneDx.Write("app", "1", bill))!;
        cyclone["components"]!.AsArray().Select(c => c!["purl"]!.ToString()).ShouldBe(["pkg:npm/a@1.0.0", "pkg:npm/b@1.0.0"]);
        cyclone["dependencies"]!.AsArray().Select(d => (d!["ref"]!.ToString(), string.Join(',', d["dependsOn"]!.AsArray()))).ShouldBe([("root", "pkg:npm/a@1.0.0"), ("pkg:npm/a@1.0.0", "pkg:npm/b@1.0.0"), ("pkg:npm/b@1.0.0", "")]);
        var spdx = JsonNode.Parse(Spdx.Write("app", "1", bill, DateTimeOffset.UnixEpoch))!;
        spdx["packages"]!.AsArray().Select(p => p!["name"]!.ToString()).ShouldBe(["app", "a", "b"]);
        spdx["relationships"]!.AsArray().Count.ShouldBe(3);
        CycloneDx.Write("app", "1", bill).ShouldBe(CycloneDx.Write("app", "1", bill));
    }
}
