using System.Text.Json.Nodes;
using ProdSprint.Projects;
using ProdSprint.Supply;

namespace ProdSprint.Tests.Supply;

/// <summary>The lock files of the smaller ecosystems, and files that say versions for others.</summary>
public sealed class LockReaderTests
{
    private static string[] Purls(params (string, string)[] files) => [.. SbomReader.Read(MemoryTree.Of(files)).Components.Select(c => c.Purl + (c.Development ? " dev" : ""))];

    [Theory]
    [InlineData("deno.lock", "{ \"version\": \"2\", \"remote\": {}, \"npm\": { \"specifiers\": { \"chalk@5\": \"chalk@5.3.0\" }, \"packages\": { \"chalk@5.3.0\": { \"dependencies\": {} } } } }", "pkg:npm/chalk@5.3.0")]
    [InlineData("deno.lock", "{ \"version\": \"3\", \"packages\": { \"specifiers\": { \"jsr:@std/path@1\": \"jsr:@std/path@1.0.8\" }, \"jsr\": { \"@std/path@1.0.8\": {} }, \"npm\": { \"@s/a@1.0.0_b@2.0.0\": {} } } }", "pkg:npm/%40jsr/std__path@1.0.8", "pkg:npm/%40s/a@1.0.0")]
    [InlineData("manifest.toml", "packages = [\n  { name = \"wisp\", version = \"1.2.0\", build_tools = [\"gleam\"], requirements = [\"mist\"], source = \"hex\" },\n  { name = \"own\", version = \"0.1.0\", source = \"local\", path = \"../own\" },\n]\n[requirements]\nwisp = { version = \"~> 1.0\" }\n", "pkg:hex/wisp@1.2.0")]
    [InlineData("shard.lock", "version: 2.0\nshards:\n  kemal:\n    git: https://github.com/KemalCR/kemal.git\n    version: 1.5.0\n  other:\n    git: https://host.example/o/other.git\n    version: 0.2.0+git.commit.abc\n", "pkg:generic/other@0.2.0", "pkg:github/kemalcr/kemal@1.5.0")]
    [InlineData("stack.yaml.lock", "packages:\n- completed:\n    hackage: http-client-tls-0.3.6@sha256:aa,123\n    pantry-tree:\n      size: 1\n  original:\n    hackage: http-client-tls-0.3.6\nsnapshots: []\n", "pkg:hackage/http-client-tls@0.3.6")]
    [InlineData("cabal.project.freeze", "active-repositories: hackage.haskell.org:merge\nconstraints: any.aeson ==2.2.1.0,\n             aeson +ordered-keymap,\n             any.base ==4.18.2.0\nindex-state: hackage.haskell.org 2024-01-01T00:00:00Z\n", "pkg:hackage/aeson@2.2.1.0", "pkg:hackage/base@4.18.2.0")]
    [InlineData("build.zig.zon", ".{ .name = .app, .dependencies = .{\n  // .gone = .{ .url = \"https://github.com/o/gone/archive/v1.tar.gz\", .hash = \"h\" },\n  .httpz = .{ .url = \"git+https://github.com/Karl/http.zig?ref=master#0123abc\", .hash = \"httpz-1\" },\n  .@\"zap-x\" = .{ .url = \"https://github.com/o/zap/archive/refs/tags/v0.9.0.tar.gz\", .hash = \"zap-1\" },\n  .far = .{ .url = \"https://host.example/far.tar.gz\", .hash = \"1220ab\" },\n  .near = .{ .path = \"../near\" } } }", "pkg:generic/far@1220ab", "pkg:github/karl/http.zig@0123abc", "pkg:github/o/zap@v0.9.0")]
    [InlineData("conan.lock", "{ \"version\": \"0.5\", \"requires\": [\"zlib/1.3.1#rev%170\"], \"build_requires\": [\"cmake/3.28.1@user/stable#rev\"] }", "pkg:conan/cmake@3.28.1 dev", "pkg:conan/zlib@1.3.1")]
    [InlineData("conan.lock", "{ \"version\": \"0.4\", \"graph_lock\": { \"nodes\": { \"0\": { \"ref\": \"app/1.0\", \"path\": \"conanfile.py\", \"requires\": [\"1\"] }, \"1\": { \"ref\": \"poco/1.9.4#r\", \"requires\": [\"2\"] }, \"2\": { \"ref\": \"zlib/1.2.11\" } } } }", "pkg:conan/poco@1.9.4", "pkg:conan/zlib@1.2.11")]
    [InlineData("pylock.toml", "lock-version = \"1.0\"\ncreated-by = \"x\"\n[[packages]]\nname = \"attrs\"\nversion = \"25.1.0\"\n[[packages]]\nname = \"own\"\nversion = \"1\"\ndirectory = { path = \".\" }\n[[packages]]\nname = \"numpy\"\nversion = \"2.2.3\"\ndependencies = [{ name = \"attrs\" }]\n", "pkg:pypi/attrs@25.1.0", "pkg:pypi/numpy@2.2.3")]
    [InlineData("pylock.web.toml", "lock-version = \"1.0\"\n[[packages]]\nname = \"attrs\"\nversion = \"25.1.0\"\n", "pkg:pypi/attrs@25.1.0")]
    [InlineData("old/packages.config", "<packages><package id=\"Newtonsoft.Json\" version=\"13.0.3\" targetFramework=\"net48\" /><package id=\"Analyzers\" version=\"[1.0]\" developmentDependency=\"true\" /><package id=\"Templated\" version=\"$(V)\" /></packages>", "pkg:nuget/Analyzers@1.0 dev", "pkg:nuget/Newtonsoft.Json@13.0.3")]
    [InlineData("paket.lock", "STORAGE: NONE\nNUGET\n  remote: https://api.nuget.org/v3/index.json\n    FSharp.Core (8.0.100)\n    Giraffe (6.2)\n      FSharp.Core (>= 6.0)\nGITHUB\n  remote: o/r\n    src/a.fs (0123)\nGROUP Test\nNUGET\n  remote: https://api.nuget.org/v3/index.json\n    Expecto (10.1)\n", "pkg:nuget/Expecto@10.1", "pkg:nuget/FSharp.Core@8.0.100", "pkg:nuget/Giraffe@6.2")]
    [InlineData("gradle/libs.versions.toml", "[versions]\nguava = \"33.0.0-jre\"\nstrict = { strictly = \"[1,2[\", prefer = \"1.5\" }\nrich = { require = \"2.1\" }\n[libraries]\nguava = { module = \"com.google.guava:guava\", version.ref = \"guava\" }\na = \"g:a:1.0\"\nb = { group = \"g\", name = \"b\", version = \"2.+\" }\nc = { module = \"g:c\", version.ref = \"strict\" }\nd = { module = \"g:d\", version.ref = \"rich\" }\ne = { module = \"g:e\" }\n[plugins]\nboot = { id = \"org.springframework.boot\", version = \"3.3.0\" }\n", "pkg:maven/com.google.guava/guava@33.0.0-jre", "pkg:maven/g/a@1.0", "pkg:maven/g/d@2.1", "pkg:maven/org.springframework.boot/org.springframework.boot.gradle.plugin@3.3.0 dev")]
    [InlineData("deps.edn", ";; {old/one {:mvn/version \"1\"}}\n{:deps {org.clojure/clojure {:mvn/version \"1.12.0\"}\n        ring/ring-core {:exclusions [a/b] :mvn/version \"1.13.0\"}\n        moving/x {:mvn/version \"RELEASE\"}\n        own/lib {:local/root \"../lib\"}}}\n", "pkg:clojars/org.clojure/clojure@1.12.0", "pkg:clojars/ring/ring-core@1.13.0")]
    [InlineData("project.clj", "(defproject shop \"0.1.0-SNAPSHOT\"\n  :dependencies [[org.clojure/clojure \"1.11.1\"] ; \"x\"\n                 [compojure \"1.6.2\" :exclusions [a/b]]]\n  :plugins [[lein-ring \"0.12.5\"]])\n", "pkg:clojars/compojure@1.6.2", "pkg:clojars/lein-ring@0.12.5", "pkg:clojars/org.clojure/clojure@1.11.1")]
    [InlineData("build.sbt", "val akka = \"2.8.5\"\nThisBuild / scalaVersion := \"2.13.14\"\nlibraryDependencies ++= Seq(\n  \"com.typesafe.akka\" %% \"akka-actor\" % akka,\n  \"org.postgresql\" % \"postgresql\" % \"42.7.3\",\n  \"org.scalatest\" %% \"scalatest\" % \"3.2.18\" % Test,\n  \"g\" % \"moving\" % \"latest.release\")\n", "pkg:maven/com.typesafe.akka/akka-actor_2.13@2.8.5", "pkg:maven/org.postgresql/postgresql@42.7.3", "pkg:maven/org.scalatest/scalatest_2.13@3.2.18 dev")]
    [InlineData("build.sbt", "libraryDependencies += \"g\" %% \"unknown-scala\" % \"1.0\"\nlibraryDependencies += \"g\" % \"a\" % \"1.0\"\n", "pkg:maven/g/a@1.0")]
    [InlineData("build.sbt.lock", "{ \"lockVersion\": 1, \"dependencies\": [ { \"org\": \"g\", \"name\": \"a_3\", \"version\": \"1.0\", \"configurations\": [\"compile\", \"test\"] }, { \"org\": \"g\", \"name\": \"t\", \"version\": \"1\", \"configurations\": [\"test\"] } ] }", "pkg:maven/g/a_3@1.0", "pkg:maven/g/t@1 dev")]
    public void Read_EachKind(string file, string text, params string[] purls) => Purls((file, text), ("gleam.toml", "name = \"a\"\n")).ShouldBe(purls);

    [Fact]
    public void Manifest_OfSomethingElse_IsNotGleams() => SbomReader.Read(MemoryTree.Of(("manifest.toml", "not = toml = at all"))).Unread.ShouldBeEmpty();

    [Fact]
    public void Deno_KnowsWhatIsAskedForAndWhatNeedsWhat()
    {
        var bill = SbomReader.Read(MemoryTree.Of(("deno.lock", """
            { "version": "5",
              "specifiers": { "jsr:@std/assert@1": "1.0.10", "jsr:@std/internal@^1.0.5": "1.0.5", "npm:express@4": "4.21.2" },
              "jsr": { "@std/assert@1.0.10": { "dependencies": ["jsr:@std/internal"] }, "@std/internal@1.0.5": {} },
              "npm": { "express@4.21.2": { "dependencies": ["ms@2.0.0"] }, "ms@2.0.0": {}, "ms@2.1.3": {} },
              "workspace": { "dependencies": ["jsr:@std/assert@1"], "members": { "web": { "dependencies": ["npm:express@4"] } } } }
            """)));
        bill.Components.Where(c => c.Direct).Select(c => c.Name).ShouldBe(["@jsr/std__assert", "express"]);
        bill.Components.Single(c => c.Name == "express").DependsOn.ShouldBe(["pkg:npm/ms@2.0.0"]);
        bill.Components.Single(c => c.Name == "@jsr/std__assert").DependsOn.ShouldBe(["pkg:npm/%40jsr/std__internal@1.0.5"]);
    }

    [Theory]
    [InlineData("deno.lock", "{ \"version\": \"9\" }")]
    [InlineData("deno.lock", "{}")]
    [InlineData("conan.lock", "{ \"version\": \"0.5\" }")]
    [InlineData("pylock.toml", "lock-version = \"2.0\"\n")]
    [InlineData("packages.config", "<packages>")]
    [InlineData("gradle/libs.versions.toml", "[versions\n")]
    public void Read_WhatIsNotKnown_IsToldAndNotHalfRead(string file, string text)
    {
        var bill = SbomReader.Read(MemoryTree.Of((file, text)));
        bill.Components.ShouldBeEmpty();
        bill.Unread.ShouldHaveSingleItem().Path.ShouldBe(file);
    }

    [Fact]
    public void NuGet_CentralVersions_OverridesPropertiesAndWhatIsAbove() => Purls(
        ("Directory.Packages.props", "<Project><PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally><Ef>10.0.1</Ef></PropertyGroup><ItemGroup><PackageVersion Include=\"A\" Version=\"1.0.0\" /><PackageVersion Include=\"Ef.Core;Ef.Tools\" Version=\"$(Ef)\" /><PackageVersion Include=\"Moves\" Version=\"2.*\" /><PackageVersion Include=\"NotAskedFor\" Version=\"9\" /><GlobalPackageReference Include=\"Everywhere\" Version=\"7.0.0\" /></ItemGroup></Project>"),
        ("src/Directory.Packages.props", "<Project><Import Project=\"$([MSBuild]::GetPathOfFileAbove(Directory.Packages.props, $(MSBuildThisFileDirectory)..))\" /><ItemGroup><PackageVersion Include=\"B\" Version=\"[3.0.0]\" /></ItemGroup></Project>"),
        ("src/App/App.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup><PackageReference Include=\"a\" /><PackageReference Include=\"B\" /><PackageReference Include=\"Ef.Core\" /><PackageReference Include=\"Moves\" /></ItemGroup></Project>"),
        ("src/Two/Two.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup><PackageReference Include=\"A\" VersionOverride=\"1.5.0\" /></ItemGroup></Project>"))
        .ShouldBe(["pkg:nuget/A@1.5.0", "pkg:nuget/B@3.0.0", "pkg:nuget/Ef.Core@10.0.1", "pkg:nuget/Everywhere@7.0.0", "pkg:nuget/a@1.0.0"]);

    [Fact]
    public void NuGet_ANearerFileThatImportsNothing_HidesTheOneAbove() => Purls(
        ("Directory.Packages.props", "<Project><ItemGroup><PackageVersion Include=\"A\" Version=\"1.0.0\" /></ItemGroup></Project>"),
        ("src/Directory.Packages.props", "<Project><PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup></Project>"),
        ("src/App.csproj", "<Project><ItemGroup><PackageReference Include=\"A\" /></ItemGroup></Project>")).ShouldBeEmpty();

    [Fact]
    public void Requirements_IncludesAndConstraints_FromTheFoldersTheyLieIn()
    {
        var bill = SbomReader.Read(MemoryTree.Of(
            ("requirements.txt", "-r deploy/web.txt\n-c deploy/pins.txt\ncelery\n"), ("deploy/web.txt", "-r ../more/base.txt\nflask==3.0.0\n"), ("more/base.txt", "redis==5.0.1\n"), ("deploy/pins.txt", "celery==5.4.0\nnot-asked-for==1.0\n")));
        bill.Components.Select(c => c.Purl).ShouldBe(["pkg:pypi/celery@5.4.0", "pkg:pypi/flask@3.0.0", "pkg:pypi/redis@5.0.1"]);
        bill.Components.Single(c => c.Name == "redis").Files.ShouldBe(["more/base.txt", "requirements.txt"]);
    }

    [Fact]
    public void Maven_ManagedVersions_OfParentsPropertiesAndBillsInTheRepository() => Purls(
        ("pom.xml", "<project><groupId>o</groupId><artifactId>parent</artifactId><version>1</version><packaging>pom</packaging><properties><v>2.1</v></properties><dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>managed</artifactId><version>${v}</version></dependency><dependency><groupId>g</groupId><artifactId>tested</artifactId><version>3</version><scope>test</scope></dependency><dependency><groupId>o</groupId><artifactId>bill</artifactId><version>1</version><type>pom</type><scope>import</scope></dependency><dependency><groupId>g</groupId><artifactId>not-asked-for</artifactId><version>9</version></dependency></dependencies></dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>everywhere</artifactId><version>1.0</version></dependency></dependencies></project>"),
        ("bill/pom.xml", "<project><groupId>o</groupId><artifactId>bill</artifactId><version>1</version><dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>of-bill</artifactId><version>4</version></dependency><dependency><groupId>g</groupId><artifactId>managed</artifactId><version>8</version></dependency></dependencies></dependencyManagement></project>"),
        ("app/pom.xml", "<project><parent><groupId>o</groupId><artifactId>parent</artifactId><version>1</version></parent><artifactId>app</artifactId><properties><v>2.2</v></properties><dependencies><dependency><groupId>g</groupId><artifactId>managed</artifactId></dependency><dependency><groupId>g</groupId><artifactId>tested</artifactId></dependency><dependency><groupId>g</groupId><artifactId>of-bill</artifactId></dependency><dependency><groupId>o</groupId><artifactId>bill</artifactId><version>${project.version}</version></dependency><dependency><groupId>g</groupId><artifactId>unknown</artifactId></dependency></dependencies></project>"))
        .ShouldBe(["pkg:maven/g/everywhere@1.0", "pkg:maven/g/managed@2.2", "pkg:maven/g/of-bill@4", "pkg:maven/g/tested@3 dev"]);

    [Fact]
    public void Maven_ParentsThatNameEachOther_End() => Purls(
        ("pom.xml", "<project><parent><groupId>o</groupId><artifactId>b</artifactId><relativePath>b/pom.xml</relativePath></parent><artifactId>a</artifactId><properties><x>${y}</x><y>${x}</y></properties><dependencies><dependency><groupId>g</groupId><artifactId>d</artifactId><version>${x}</version></dependency></dependencies></project>"),
        ("b/pom.xml", "<project><parent><groupId>o</groupId><artifactId>a</artifactId></parent><artifactId>b</artifactId></project>")).ShouldBeEmpty();

    [Fact]
    public void Npm_WhatIsForDevelopmentAndOptionalAtOnce_IsShipped() => Purls(("package-lock.json", """
        { "packages": { "": { "devDependencies": { "a": "1" }, "optionalDependencies": { "b": "1" } }, "node_modules/a": { "version": "1.0.0", "dev": true }, "node_modules/b": { "version": "1.0.0", "optional": true }, "node_modules/c": { "version": "1.0.0", "devOptional": true } } }
        """)).ShouldBe(["pkg:npm/a@1.0.0 dev", "pkg:npm/b@1.0.0", "pkg:npm/c@1.0.0"]);

    /// <summary>b is asked for by the repository and by a: an edge of each.</summary>
    [Theory]
    [InlineData("package-lock.json", "{ \"packages\": { \"\": { \"dependencies\": { \"a\": \"1\", \"b\": \"1\" } }, \"node_modules/a\": { \"version\": \"1.0.0\", \"dependencies\": { \"b\": \"1\", \"c\": \"1\" } }, \"node_modules/b\": { \"version\": \"1.0.0\" }, \"node_modules/c\": { \"version\": \"1.0.0\" } } }")]
    [InlineData("pnpm-lock.yaml", "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a:\n        specifier: '1'\n        version: 1.0.0(b@1.0.0)\n    devDependencies:\n      b:\n        specifier: '1'\n        version: 1.0.0\npackages:\n  a@1.0.0: {}\n  b@1.0.0: {}\n  c@1.0.0: {}\nsnapshots:\n  a@1.0.0(b@1.0.0):\n    dependencies:\n      b: 1.0.0\n      c: 1.0.0\n  b@1.0.0: {}\n  c@1.0.0: {}\n")]
    [InlineData("pnpm-lock.yaml", "lockfileVersion: 5.4\ndependencies:\n  a: 1.0.0\n  b: 1.0.0\npackages:\n  /a/1.0.0:\n    dependencies:\n      b: 1.0.0\n      c: 1.0.0\n  /b/1.0.0: {}\n  /c/1.0.0: {}\n")]
    [InlineData("bun.lock", "{ \"lockfileVersion\": 1, \"workspaces\": { \"\": { \"name\": \"app\", \"dependencies\": { \"a\": \"1\", \"b\": \"1\" } } }, \"packages\": { \"a\": [\"a@1.0.0\", \"\", { \"dependencies\": { \"b\": \"1\", \"c\": \"1\" } }, \"\"], \"b\": [\"b@1.0.0\", \"\", {}, \"\"], \"c\": [\"c@1.0.0\", \"\", {}, \"\"] } }")]
    [InlineData("yarn.lock", "# yarn lockfile v1\n\na@1:\n  version \"1.0.0\"\n  dependencies:\n    b \"1\"\n    c \"1\"\n\nb@1:\n  version \"1.0.0\"\n\nc@1:\n  version \"1.0.0\"\n")]
    [InlineData("yarn.lock", "__metadata:\n  version: 8\n\"a@npm:1\":\n  version: 1.0.0\n  resolution: \"a@npm:1.0.0\"\n  dependencies:\n    b: \"npm:1\"\n    c: \"npm:1\"\n\"b@npm:1\":\n  version: 1.0.0\n  resolution: \"b@npm:1.0.0\"\n\"c@npm:1\":\n  version: 1.0.0\n  resolution: \"c@npm:1.0.0\"\n\"app@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"app@workspace:.\"\n  dependencies:\n    a: \"npm:1\"\n    b: \"npm:1\"\n")]
    [InlineData("uv.lock", "[[package]]\nname = \"app\"\nversion = \"0.1\"\nsource = { virtual = \".\" }\ndependencies = [{ name = \"a\" }]\n[package.dev-dependencies]\ndev = [{ name = \"b\" }]\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [{ name = \"b\" }, { name = \"c\" }]\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\n[[package]]\nname = \"c\"\nversion = \"1.0.0\"\n")]
    [InlineData("poetry.lock", "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n[package.dependencies]\nb = \"*\"\nc = \"*\"\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\n[[package]]\nname = \"c\"\nversion = \"1.0.0\"\n")]
    [InlineData("Cargo.lock", "version = 4\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\"a\", \"b\"]\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+x\"\ndependencies = [\"b\", \"c\"]\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\nsource = \"registry+x\"\n[[package]]\nname = \"c\"\nversion = \"1.0.0\"\nsource = \"registry+x\"\n")]
    [InlineData("Gemfile.lock", "GEM\n  remote: x\n  specs:\n    a (1.0.0)\n      b\n      c (~> 1)\n    b (1.0.0)\n    c (1.0.0)\n\nDEPENDENCIES\n  a (~> 1)\n  b!\n\nBUNDLED WITH\n   2.5\n")]
    [InlineData("composer.lock", "{ \"packages\": [ { \"name\": \"v/a\", \"version\": \"1.0.0\", \"require\": { \"v/b\": \"1\", \"v/c\": \"1\" } }, { \"name\": \"v/b\", \"version\": \"1.0.0\" }, { \"name\": \"v/c\", \"version\": \"1.0.0\" } ] }")]
    [InlineData("packages.lock.json", "{ \"version\": 1, \"dependencies\": { \"net10.0\": { \"a\": { \"type\": \"Direct\", \"resolved\": \"1.0.0\", \"dependencies\": { \"b\": \"1\", \"c\": \"1\" } }, \"b\": { \"type\": \"Direct\", \"resolved\": \"1.0.0\" }, \"c\": { \"type\": \"Transitive\", \"resolved\": \"1.0.0\" } } } }")]
    public void Root_NeedsWhatTheRepositoryAsksFor_AlsoWhereSomethingElseNeedsItToo(string file, string text)
    {
        var bill = SbomReader.Read(MemoryTree.Of((file, text), ("package.json", "{ \"dependencies\": { \"a\": \"1\" }, \"devDependencies\": { \"b\": \"1\" } }"), ("composer.json", "{ \"require\": { \"v/a\": \"1\", \"v/b\": \"1\" } }"), ("pyproject.toml", "[tool.poetry.dependencies]\na = \"1\"\n[tool.poetry.group.dev.dependencies]\nb = \"1\"\n")));
        var edges = JsonNode.Parse(CycloneDx.Write("app", "1", bill))!["dependencies"]!.AsArray().ToDictionary(d => d!["ref"]!.ToString(), d => string.Join(' ', d!["dependsOn"]!.AsArray().Select(r => NameOf(r!.ToString()))));
        edges["root"].ShouldBe("a b");
        edges.Single(e => NameOf(e.Key) == "a").Value.ShouldBe("b c");
    }

    private static string NameOf(string reference) => reference.Split('/')[^1].Split('@')[0];

    [Fact]
    public void Clojure_IsHeldAgainstMavensAdvisories()
    {
        var component = SbomReader.Read(MemoryTree.Of(("deps.edn", "{:deps {ring/ring-core {:mvn/version \"1.13.0\"}}}"))).Components.ShouldHaveSingleItem();
        (component.Ecosystem, component.Name, component.Purl).ShouldBe(("Maven", "ring:ring-core", "pkg:clojars/ring/ring-core@1.13.0"));
    }
}
