using ProdSprint.Projects;

namespace ProdSprint.Tests.Projects;

public sealed class RepositoryFindingsTests
{
    private static AuditReport Audit(params (string, string)[] files) => Auditor.Run(MemoryTree.Of(files));

    [Theory]
    [InlineData(".github/workflows/ci.yml", "github-actions")]
    [InlineData(".gitlab-ci.yml", "gitlab-ci")]
    [InlineData("Jenkinsfile", "jenkins")]
    [InlineData("azure-pipelines.yml", "azure-pipelines")]
    public void Run_Pipeline_IsFound(string path, string kind)
    {
        var report = Audit((path, "x"));
        report.Repository!.Ci.ShouldBe([new(kind, path)]);
        report.Gaps.ShouldNotContain(g => g.Code == GapCodes.CiMissing);
    }

    [Theory]
    [InlineData("infra/main.tf", "", "terraform", "infra")]
    [InlineData("chart/Chart.yaml", "name: x", "helm", "chart/Chart.yaml")]
    [InlineData("k8s/web.yaml", "apiVersion: apps/v1\nkind: Deployment\n", "kubernetes", "k8s")]
    [InlineData("stack.yml", "AWSTemplateFormatVersion: '2010-09-09'\n", "cloudformation", "stack.yml")]
    [InlineData("Pulumi.yaml", "", "pulumi", "Pulumi.yaml")]
    [InlineData("compose.yaml", "services: {}", "compose", "compose.yaml")]
    public void Run_Infrastructure_IsFound(string path, string text, string kind, string at) => Audit((path, text)).Repository!.Infrastructure.ShouldBe([new(kind, at)]);

    [Theory]
    [InlineData("LICENSE", "Permission is hereby granted, free of charge, to any person\n...\nThe above copyright notice and this\npermission notice shall be included", "MIT")]
    [InlineData("COPYING", "GNU AFFERO GENERAL PUBLIC LICENSE\n   Version 3, 19 November 2007", "AGPL-3.0")]
    [InlineData("LICENSE.txt", "All rights reserved", "unknown")]
    [InlineData("package.json", """{"license":"ISC"}""", "ISC")]
    public void Run_Licence_IsNamed(string path, string text, string id) => Audit((path, text)).Repository!.Licences.ShouldBe([new(id, path)]);

    /// <summary>Put together here, so that no scanner takes this file for a leak.</summary>
    private static readonly string Token = "gh" + "p_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF3gH6";

    [Fact]
    public void Run_SecretInAFile_IsAPlaceAndNeverAValue()
    {
        var report = Audit(("src/a.js", $"// x\nconst t = '{Token}'\n"));
        report.Repository!.Secrets.ShouldBe([new("github-token", "src/a.js", 2, null)]);
        var gap = report.Gaps.Single(g => g.Code == GapCodes.SecretInTree);
        gap.At.ShouldBe(new("src/a.js", 2));
        AuditJson.Write(report).ShouldNotContain(Token[4..]);
    }

    [Fact]
    public void Run_SecretThatAnEarlierCommitAdded_IsFoundWithItsCommit()
    {
        var tree = new MemoryTree([], new Dictionary<string, byte[]>()) { Past = [new("c0ffee", "old.js", $"t = '{Token}'\n"), new("c0ffee", "../x", Token)] };
        var report = Auditor.Run(tree);
        report.Repository!.Secrets.ShouldBe([new("github-token", "old.js", 0, "c0ffee")]);
        report.Repository.History.ShouldBe(new(1, true));
        AuditJson.Write(report).ShouldNotContain(Token[4..]);
    }

    [Theory]
    [InlineData("postgres://app:hunter2seven@db.example.net/x", true)]
    [InlineData("postgres://postgres:postgres@localhost:5432/x", false)]
    [InlineData("postgres://app:${PASSWORD}@db.prod.net/x", false)]
    [InlineData("postgres://app:changeme@db.prod.net/x", false)]
    [InlineData("AKIA" + "IOSFODNN7EXAMPLE", false)]
    [InlineData("-----BEGIN PRIVATE" + " KEY-----", false)]
    [InlineData("ghp_" + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", false)]
    public void Find_WhatStandsForAValue_IsNoSecret(string text, bool secret) => SecretRules.Find($"x = \"{text}\"\n").Any().ShouldBe(secret);

    [Fact]
    public void Run_ComposeWithAnchors_GivesLinksNeedsAndContainers()
    {
        var report = Audit(
            ("web/package.json", """{"scripts":{"start":"node a.js"}}"""), ("web/a.js", "fetch(process.env.CART_SERVICE_URL)"), ("cartservice/package.json", """{"scripts":{"start":"node a.js"}}"""), ("cartservice/a.js", ""),
            ("compose.yaml", "x-base: &base\n  restart: always\nservices:\n  web:\n    <<: *base\n    build: ./web\n    ports: ['8080:3000']\n    depends_on: [cart, db]\n  cart:\n    build: { context: cartservice }\n  db:\n    image: postgres:16\n"));
        report.Repository!.Containers.Select(c => (c.Name, c.Service, c.Need)).ShouldBe([("cart", "cartservice", null), ("db", null, "postgres"), ("web", "web", null)]);
        report.Repository.Containers.Single(c => c.Name == "web").Ports.ShouldBe([3000]);
        var web = report.Services.Single(s => s.Name == "web");
        web.Needs.ShouldBe(["postgres"]);
        web.Links!.Select(l => l.Service).ShouldBe(["cartservice"]);
    }

    [Fact]
    public void Run_VariableThatNamesAnotherService_IsALink()
    {
        var report = Audit(("web/package.json", """{"scripts":{"start":"node a.js"}}"""), ("web/a.js", "\nfetch(process.env.CART_SERVICE_ADDR)"), ("cart/package.json", """{"scripts":{"start":"node a.js"}}"""), ("cart/a.js", "fetch('http://web:3000/')"));
        report.Services.Single(s => s.Name == "web").Links!.ShouldBe([new("cart", "web/a.js:2 CART_SERVICE_ADDR")]);
        report.Services.Single(s => s.Name == "cart").Links!.Single().Service.ShouldBe("web");
    }

    [Theory]
    [InlineData("a: &x [1]\nservices: *y\n")]
    [InlineData("a: &x [*x]\n")]
    public void Run_HostileComposeFile_IsAGap(string text) => Audit(("compose.yaml", text)).Gaps.ShouldContain(g => g.Code == GapCodes.ComposeUnread);

    [Fact]
    public void Run_ComposeThatWouldGrowWithoutEnd_StaysSmall()
    {
        var lines = "a0: &a0 [x, x]\n" + string.Concat(Enumerable.Range(1, 30).Select(i => $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n"));
        Audit(("compose.yaml", lines + "services:\n  web:\n    image: nginx\n    ports: *a30\n")).Repository!.Containers.Single().Name.ShouldBe("web");
    }

    /// <summary>One line that each of 40,000 containers names: a list for each of them would be two thousand million long.</summary>
    [Fact]
    public void Run_ComposeWhoseContainersShareALongList_StaysSmall_AndSaysWhatWasLeftOut()
    {
        var list = string.Join(", ", Enumerable.Range(0, 50_000).Select(i => $"a{i}"));
        var report = Audit(("compose.yaml", $"x: &x {{ depends_on: &d [{list}] }}\nservices:\n" + string.Concat(Enumerable.Range(0, 40_000).Select(i => $"  s{i}: *x\n"))));
        report.Repository!.Containers.Length.ShouldBe(500);
        report.Repository.Containers.ShouldAllBe(c => c.DependsOn.Length == 200);
        report.Gaps.Single(g => g.Code == GapCodes.ComposeUnread).Title.ShouldContain("more than 500 containers");
    }

    [Theory]
    [InlineData("FROM x:1\nADD https://x.io/a /a\nUSER 1\nCMD [\"a\"]", GapCodes.DockerfileAddRemote, 2)]
    [InlineData("FROM x:1\nENV API_KEY=abc123\nUSER 1\nCMD [\"a\"]", GapCodes.DockerfileSecret, 2)]
    [InlineData("FROM x:1\nCOPY . .\nUSER 1\nCMD [\"a\"]", GapCodes.DockerfileNoIgnore, 2)]
    [InlineData("FROM x:1\nRUN curl -s https://x.io | sh\nUSER 1\nCMD [\"a\"]", GapCodes.DockerfilePipeToShell, 2)]
    [InlineData("FROM x:1\nCOPY . .\nRUN npm ci\nUSER 1\nCMD [\"a\"]", GapCodes.DockerfileCache, 3)]
    [InlineData("FROM x:1\nUSER 1\nCMD node a.js", GapCodes.DockerfileShellForm, 0)]
    public void Run_DockerfileFault_IsAGapWithItsLine(string text, string code, int line) => Audit(("Dockerfile", text)).Gaps.Single(g => g.Code == code).At.ShouldBe(new("Dockerfile", line));

    [Theory]
    [InlineData("pom.xml", "<project><artifactId>a</artifactId></project>", "A.java", "String x = System.getenv(\"API_URL\");", "API_URL", false)]
    [InlineData("Gemfile", "gem 'x'", "app.rb", "x = ENV.fetch('SECRET_KEY_BASE')", "SECRET_KEY_BASE", true)]
    [InlineData("composer.json", "{}", "index.php", "<?php $x = env('APP_KEY', 'x');", "APP_KEY", false)]
    [InlineData("Cargo.toml", "[package]\nname='a'", "src/main.rs", "let x = std::env::var(\"TOKEN_ISSUER\").expect(\"x\");", "TOKEN_ISSUER", true)]
    [InlineData("mix.exs", "app: :a, mod: {A, []}", "lib/a.ex", "System.fetch_env!(\"DATABASE_URL\")", "DATABASE_URL", true)]
    [InlineData("deno.json", "{}", "main.ts", "Deno.env.get(\"API_URL\")", "API_URL", false)]
    [InlineData("pubspec.yaml", "name: a", "bin/a.dart", "Platform.environment['API_URL']", "API_URL", false)]
    [InlineData("start.sh", "echo ${API_URL:?}", "x.txt", "", "API_URL", true)]
    public void Run_VariableThatTheCodeReads_IsFoundWithItsPlace(string manifest, string text, string source, string code, string name, bool required)
    {
        var variable = Audit((manifest, text), (source, code)).Services.Single().EnvironmentVariables.Single();
        (variable.Name, variable.Required, variable.ReadAt.Single().Line).ShouldBe((name, required, 1));
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public void Run_PrismaSchema_SaysWhichDatabase(string provider) =>
        Audit(("package.json", """{"main":"a.js"}"""), ("a.js", ""), ("prisma/schema.prisma", $"datasource db {{\n  provider = \"{provider}\"\n}}\n")).Services.Single().Needs.ShouldBe([provider == "postgresql" ? "postgres" : provider]);
}
