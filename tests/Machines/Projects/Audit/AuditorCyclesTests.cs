using System.Text.Json;
using ProdSprint.Projects;

namespace ProdSprint.Tests.Projects;

/// <summary>Workspaces, modules, projects and containers that need each other in a circle, or are their own parents.</summary>
public sealed class AuditorCyclesTests
{
    private const string Started = """ "scripts": { "start": "node a.js", "build": "npm run start", "start:all": "npm run build" } """;

    public static TheoryData<string, (string Path, string Text)[], string[]> Circles => new()
    {
        {
            "npm workspaces that need each other",
            [
                ("package.json", """{ "private": true, "workspaces": ["packages/*", "."] }"""), ("package-lock.json", "{}"),
                ("packages/a/package.json", $$"""{ "name": "a", {{Started}}, "dependencies": { "b": "*" } }"""), ("packages/a/a.js", "fetch(process.env.B_URL)"),
                ("packages/b/package.json", $$"""{ "name": "b", {{Started}}, "dependencies": { "a": "*" } }"""), ("packages/b/a.js", "fetch(process.env.A_URL)"),
            ],
            ["packages/a", "packages/b"]
        },
        {
            "workspaces within workspaces that name their parent",
            [
                ("package.json", $$"""{ "name": "root", {{Started}}, "workspaces": ["**", "../*", "a/../a"] }"""), ("pnpm-workspace.yaml", "packages: ['**', '.', 'a/../a']\n"), ("a.js", ""),
                ("a/package.json", $$"""{ "name": "a", {{Started}}, "workspaces": ["..", "../a", "b"], "dependencies": { "root": "workspace:*", "a": "workspace:*" } }"""), ("a/a.js", ""),
            ],
            ["a"]
        },
        {
            "workspaces that name each other beside them",
            [
                ("a/package.json", $$"""{ "name": "a", {{Started}}, "workspaces": ["../b"] }"""), ("a/a.js", ""),
                ("b/package.json", $$"""{ "name": "b", {{Started}}, "workspaces": ["../a"] }"""), ("b/a.js", ""),
            ],
            ["b"]
        },
        {
            "crates", [
                ("Cargo.toml", "[workspace]\nmembers = [\"a\", \"b\", \".\", \"a/../b\"]\n"),
                ("a/Cargo.toml", "[package]\nname = \"a\"\nversion = \"1.0.0\"\n[dependencies]\nb = { path = \"../b\" }\naxum = \"0.7\"\n"), ("a/src/main.rs", "fn main() {}"),
                ("b/Cargo.toml", "[package]\nname = \"b\"\nversion = \"1.0.0\"\n[dependencies]\na = { path = \"../a\" }\n"), ("b/src/main.rs", "fn main() {}"),
            ],
            ["a", "b"]
        },
        {
            "modules of Go", [
                ("go.work", "go 1.22\nuse (\n ./a\n ./b\n .\n)\n"),
                ("a/go.mod", "module x/a\ngo 1.22\nrequire x/b v0.0.0\nreplace x/b => ../b\n"), ("a/main.go", "package main\nimport _ \"x/b\"\nfunc main() {}\n"),
                ("b/go.mod", "module x/b\ngo 1.22\nrequire x/a v0.0.0\nreplace x/a => ../a\n"), ("b/main.go", "package main\nimport _ \"x/a\"\nfunc main() {}\n"),
            ],
            ["a", "b"]
        },
        {
            "projects of .NET", [
                ("A/A.csproj", """<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup><ProjectReference Include="..\B\B.csproj" /><ProjectReference Include="A.csproj" /></ItemGroup></Project>"""), ("A/Program.cs", ""),
                ("B/B.csproj", """<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup><ProjectReference Include="..\A\A.csproj" /></ItemGroup></Project>"""), ("B/Program.cs", ""),
            ],
            ["A", "B"]
        },
        {
            "requirements of Python", [
                ("requirements.txt", "-r more.txt\nflask\n"), ("more.txt", "-r requirements.txt\n-r more.txt\ngunicorn\n"), ("app.py", "from flask import Flask\napp = Flask(__name__)\n"),
            ],
            ["."]
        },
        {
            "modules of Maven", [
                ("pom.xml", "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>root</artifactId><version>1</version><packaging>pom</packaging><modules><module>a</module><module>.</module></modules></project>"),
                ("a/pom.xml", "<project><modelVersion>4.0.0</modelVersion><parent><groupId>g</groupId><artifactId>root</artifactId><version>1</version></parent><artifactId>a</artifactId><modules><module>..</module></modules><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId><version>1</version></dependency><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies><build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>"),
                ("a/src/main/java/A.java", "@SpringBootApplication class A { public static void main(String[] a) {} }"),
            ],
            ["a"]
        },
        {
            "modules of Maven that lie beside each other", [
                ("parent/pom.xml", "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>root</artifactId><version>1</version><packaging>pom</packaging><modules><module>../a</module></modules></project>"),
                ("a/pom.xml", "<project><modelVersion>4.0.0</modelVersion><artifactId>a</artifactId><modules><module>../parent</module></modules><build><plugins><plugin><artifactId>maven-shade-plugin</artifactId></plugin></plugins></build></project>"),
                ("a/src/main/java/A.java", "class A { public static void main(String[] a) {} }"),
            ],
            ["a"]
        },
        {
            "containers, stages and targets", [
                ("package.json", $$"""{ "name": "web", {{Started}} }"""), ("a.js", "fetch('http://web:3000'); fetch('http://api:3000')"),
                ("compose.yaml", "services:\n  web:\n    build: .\n    depends_on: [api, web]\n    extends: { service: web }\n  api:\n    image: x\n    depends_on: [web]\n    links: [api]\n"),
                ("Dockerfile", "FROM b AS a\nFROM a AS b\nCOPY --from=b /x /x\nUSER 1\nCMD [\"node\", \"a.js\"]\n"), ("Makefile", "a: b\nb: a\n"),
            ],
            ["."]
        },
    };

    /// <summary>The work, not the time: each file is read a bounded number of times, and what is found is there once.</summary>
    [Theory, MemberData(nameof(Circles))]
    public void Run_WhatGoesInACircle_EndsWithEachServiceOnce(string what, (string Path, string Text)[] files, string[] directories)
    {
        var tree = MemoryTree.Of(files);
        var report = Auditor.Run(tree);
        report.Services.Select(s => s.Path).Order(StringComparer.Ordinal).ToArray().ShouldBe(directories, customMessage: what);
        report.Services.Select(s => s.Name).ShouldBeUnique(what);
        tree.Reads.ShouldBeLessThanOrEqualTo(4 * files.Length, what);
        JsonSerializer.Serialize(Auditor.Run(MemoryTree.Of([.. files.Reverse()]))).ShouldBe(JsonSerializer.Serialize(report), what);
    }
}
