using System.Collections.Immutable;
using ProdSprint.Plans;
using ProdSprint.Plans.Blueprints.Pipelines;
using ProdSprint.Plans.Blueprints.Policies;
using ProdSprint.Projects;
using ProdSprint.Tests.Projects;
using YamlDotNet.RepresentationModel;

namespace ProdSprint.Tests.Plans.Blueprints;

public sealed class PipelineTests
{
    private static ProdSprint.Plans.Blueprints.FileBundle Build(string name)
    {
        var audit = Auditor.Run(AuditCases.Tree(name));
        return PipelineFiles.Build("app", PlanBuilder.Build(audit), audit);
    }

    [Theory, MemberData(nameof(AuditCases.Names), MemberType = typeof(AuditCases))]
    public void GitHub_AnyRepository_EveryActionIsPinnedAndEveryJobIsAllowedLittle(string name)
    {
        var workflow = Yaml(Build(name).Files[GitHubWorkflow.Path]);
        Pairs(workflow["permissions"]).ShouldBe([("contents", "read")]);
        foreach (var (job, body) in ((YamlMappingNode)workflow["jobs"]).Children)
        {
            body["timeout-minutes"].ToString().ShouldNotBeNullOrEmpty(job.ToString());
            foreach (var step in (YamlSequenceNode)body["steps"])
            {
                var map = (YamlMappingNode)step;
                (map.Children.ContainsKey("uses") ^ map.Children.ContainsKey("run")).ShouldBeTrue(map.ToString());
                if (map.Children.TryGetValue("uses", out var uses)) uses.ToString().ShouldMatch("^[a-z-]+/[a-z/-]+@[0-9a-f]{40}$");
                if (map.Children.TryGetValue("run", out var run)) run.ToString().ShouldNotContain("${{");
            }
            if (((YamlMappingNode)body).Children.TryGetValue("needs", out var needs))
                foreach (var need in (YamlSequenceNode)needs) ((YamlMappingNode)workflow["jobs"]).Children.ShouldContainKey(need);
        }
    }

    [Theory, MemberData(nameof(AuditCases.Names), MemberType = typeof(AuditCases))]
    public void GitLab_AnyRepository_IsYamlWithItsStages(string name)
    {
        var pipeline = Yaml(Build(name).Files[GitLabPipeline.Path]);
        ((YamlSequenceNode)pipeline["stages"]).Select(s => s.ToString()).ShouldBe(["check", "scan", "image", "deploy"]);
        ((YamlSequenceNode)pipeline["deploy"]["script"]).Count().ShouldBe(2);
    }

    [Theory, MemberData(nameof(AuditCases.Names), MemberType = typeof(AuditCases))]
    public void Build_SameInput_SameBytes(string name) => Build(name).Json().ShouldBe(Build(name).Json());

    [Fact]
    public void Build_HostileNamesAndCommands_StayInTheirPlace()
    {
        var audit = Auditor.Run(MemoryTree.Of(
            ("it's \"here\"/package.json", """{ "name": "x", "scripts": { "start": "node s.js '${{ secrets.X }}' \"a\nb\"", "test": "echo ${{ github.token }}" } }"""),
            ("it's \"here\"/s.js", "require('http').createServer().listen(process.env.PORT)")));
        var bundle = PipelineFiles.Build("app", PlanBuilder.Build(audit), audit);
        foreach (var path in (string[])[GitHubWorkflow.Path, GitLabPipeline.Path]) Yaml(bundle.Files[path]);
        var check = ((YamlMappingNode)Yaml(bundle.Files[GitHubWorkflow.Path])["jobs"]).Children.First(j => j.Key.ToString().StartsWith("check-")).Value;
        ((YamlSequenceNode)check["steps"]).OfType<YamlMappingNode>().Where(s => s.Children.ContainsKey("run")).ShouldAllBe(s => !s["run"].ToString().Contains("${{"));
        ((YamlSequenceNode)check["steps"]).OfType<YamlMappingNode>().ShouldContain(s => s.Children.ContainsKey("working-directory") && s["working-directory"].ToString() == "it's \"here\"");
    }

    [Fact]
    public void GitHub_Workspace_IsInstalledFromItsRootAndKeepsWhatItsLockFileNames()
    {
        var steps = Steps([("package.json", """{"workspaces":["apps/*","libs/*"]}"""), ("package-lock.json", "{}"),
            ("apps/api/package.json", """{"name":"@o/api","scripts":{"build":"tsc","start":"node dist/a.js","test":"node --test"},"dependencies":{"@o/lib":"*"}}"""), ("libs/lib/package.json", """{"name":"@o/lib","scripts":{"build":"tsc"},"files":["dist"]}""")], "check-api");

        With(steps, "Set up", "cache-dependency-path").ShouldBe("package-lock.json");
        Folder(steps, "Install").ShouldBeNull();
        Folder(steps, "Build").ShouldBeNull();
        Folder(steps, "Unit tests and coverage").ShouldBe("apps/api");
    }

    [Fact]
    public void GitHub_NoLockFile_NothingIsKept() =>
        With(Steps([("package.json", """{"main":"a.js","dependencies":{"x":"1"}}"""), ("a.js", "")], "check-app"), "Set up", "cache").ShouldBeNull();

    [Theory]
    [InlineData("pip", "requirements.txt", "flask\n", "services/api/requirements.txt")]
    [InlineData("poetry", "pyproject.toml", "[tool.poetry]\nname = \"api\"\n[tool.poetry.dependencies]\nflask = \"*\"\n[tool.poetry.group.dev.dependencies]\npytest = \"^8\"\n", "services/api/pyproject.toml")]
    public void GitHub_Python_EverythingIsRunByTheEnvironmentThatWasInstalled(string cache, string file, string text, string kept)
    {
        var steps = Steps([($"services/api/{file}", text), ("services/api/main.py", "print(1)"), ("services/api/tests/test_main.py", ""), ("services/api/pytest.ini", "[pytest]\n")], "check-api");

        (With(steps, "Set up", "cache"), With(steps, "Set up", "cache-dependency-path")).ShouldBe((cache, kept));
        foreach (var name in (string[])["Lint", "Unit tests and coverage", "Integration tests"]) Command(steps, name).ShouldStartWith(".venv/bin/python -m ");
        Command(steps, "Install").ShouldEndWith(".venv/bin/python -m ensurepip && .venv/bin/python -m pip install ruff mypy coverage pytest pytest-cov");
        steps.TakeWhile(s => s["name"].ToString() != "Set up").Any(s => s.Children.TryGetValue("run", out var run) && run.ToString().Contains("pipx install poetry")).ShouldBe(cache == "poetry", "setup-python asks poetry where it keeps what it installs");
    }

    [Fact]
    public void GitHub_GoCommandBelowItsModule_IsCheckedWithItsModule() =>
        With(Steps([("go.mod", "module x\n\nrequire a.b/c v1.0.0\n"), ("cmd/api/main.go", "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\"\", nil) }\n"), ("cmd/worker/main.go", "package main\n\nfunc main() { select {} }\n")], "check-api"), "Set up", "go-version-file").ShouldBe("go.mod");

    [Fact]
    public void Image_IsCopiedByDigestToWhereTerraformLooksForIt()
    {
        var audit = Auditor.Run(AuditCases.Tree("node-express"));
        var plan = PlanBuilder.Build(audit);
        var name = plan.Environments[0].Services[0].Name;
        var copy = Command(((YamlSequenceNode)Yaml(PipelineFiles.Build("a-project-of-a-long-name", plan, audit).Files[GitHubWorkflow.Path])["jobs"][$"image-{name}"]["steps"]).Cast<YamlMappingNode>(), "Copy it to the repositories that Terraform made");

        copy.ShouldContain($"for repository in a-project-of-a-long-name/{name} a-project-of-a-long-name/{name}; do", customMessage: "local.name in main.tf is cut to 24 characters, and so is this");
        copy.IndexOf("describe-images", StringComparison.Ordinal).ShouldBeInRange(0, copy.IndexOf("imagetools create", StringComparison.Ordinal), "tags there are immutable, and a run may be repeated");
        copy.ShouldContain("imagetools create --tag \"$registry/$repository:$GITHUB_SHA\" \"$IMAGE@$DIGEST\"");
    }

    [Theory, MemberData(nameof(AuditCases.Names), MemberType = typeof(AuditCases))]
    public void GitLab_AnyRepository_ScansWhatItPushedBeforeItDeploys(string name)
    {
        var pipeline = Yaml(Build(name).Files[GitLabPipeline.Path]);
        var images = pipeline.Children.Keys.Select(k => k.ToString()).Where(k => k.StartsWith("image-")).ToList();
        ((YamlSequenceNode)pipeline["deploy"]["needs"]).Select(n => n.ToString()).ShouldBe([.. images.Select(i => i.Replace("image-", "scan-")), "dependencies"]);
        foreach (var image in images) pipeline[image.Replace("image-", "scan-")]["script"].ToString().ShouldContain($"{image}.txt");
        pipeline["dependencies"]["script"].ToString().ShouldContain("--exit-code 1");
    }

    [Fact]
    public void GitLab_Locked_KeepsWhatWasDownloadedInsideTheCheckout()
    {
        var job = Yaml(Build([("package.json", """{"main":"a.js","dependencies":{"x":"1"}}"""), ("a.js", ""), ("package-lock.json", "{}")]).Files[GitLabPipeline.Path])["check-app"];
        job["variables"]["npm_config_cache"].ToString().ShouldBe("$CI_PROJECT_DIR/.cache/npm");
        job["cache"]["key"]["files"].ToString().ShouldContain("package-lock.json");
    }

    [Theory]
    [InlineData(null, "[main, master]")]
    [InlineData("master", "[main, master]")]
    [InlineData("trunk", "[trunk]")]
    [InlineData("release/next", "[\"release/next\"]")]
    public void Workflow_PushesWhatTheProjectReleases(string? branch, string expected)
    {
        var audit = Auditor.Run(MemoryTree.Of(("package.json", """{"main":"a.js"}"""), ("a.js", "")));
        PipelineFiles.Build("app", PlanBuilder.Build(audit), audit, new(DefaultBranch: branch)).Files[GitHubWorkflow.Path].ShouldContain($"branches: {expected}\n");
    }

    [Fact]
    public void Dockerfile_StaticFolderWithASpace_IsOneArgument() =>
        Build([("index.html", "<h1>x</h1>"), ("prodsprint.yml", "services:\n  site:\n    path: .\n    static: my site\n"), ("my site/index.html", "<h1>x</h1>")]).Files.Single(f => f.Key.StartsWith("deploy/Dockerfile.")).Value.ShouldContain("COPY --from=build [\"/app/my site\", \"/usr/share/nginx/html\"]");

    [Fact]
    public void Dockerfile_Go_RunsOnTheNewestOfWhatItWasLinkedOn_AndTrustsWhomItsBuilderTrusts()
    {
        var text = Build([("go.mod", "module x/shop\n\ngo 1.25\n"), ("main.go", "package main\n\nfunc main() {}\n")]).Files.Single(f => f.Key.StartsWith("deploy/Dockerfile.")).Value;
        text.ShouldContain("FROM debian:13-slim\n");
        text.ShouldContain("COPY --from=build /etc/ssl/certs/ca-certificates.crt ");
    }

    [Fact]
    public void Dockerfile_OldDotNet_NamesAUserThatItsImageNeedsNotHave() =>
        Build([("Shop.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><PropertyGroup><TargetFramework>net6.0</TargetFramework></PropertyGroup></Project>")]).Files.Single(f => f.Key.StartsWith("deploy/Dockerfile.")).Value.ShouldContain("USER 10001:10001");

    [Fact]
    public void Dockerfile_Written_IsHeldToThePinAndIsTheTeamsOnceItIsPinned()
    {
        (string, string)[] app = [("package.json", """{"main":"a.js"}"""), ("a.js", "app.listen(process.env.PORT)")];
        var (audit, bundle) = (Auditor.Run(MemoryTree.Of(app)), Build(app));
        var (path, text) = bundle.Files.Single(f => f.Key.StartsWith("deploy/Dockerfile."));
        var pinned = Policies(audit).Single(r => r.Rule == "container.pinned");
        pinned.Passed.ShouldBeFalse();
        pinned.Evidence.ShouldContain($"{path} (written): node:22-slim");

        Build([.. app, (path, text)]).Files.ShouldContainKey(path, "ours is written anew from each plan");
        var own = text.Replace("FROM node:22 ", $"FROM node:22@sha256:{new string('a', 64)} ").Replace("FROM node:22-slim", $"FROM node:22-slim@sha256:{new string('b', 64)}");
        Build([.. app, (path, own)]).Files.ShouldNotContainKey(path);
        Build([.. app, (path, own)]).Files[GitHubWorkflow.Path].ShouldContain($"file: \"{path}\"");
        Policies(Auditor.Run(MemoryTree.Of([.. app, (path, own)]))).Single(r => r.Rule == "container.pinned").Passed.ShouldBeTrue();
    }

    private static ImmutableArray<PolicyResult> Policies(AuditReport audit) => PolicyRules.Check("strict", PlanPolicies.Facts("app", PlanBuilder.Build(audit), audit));

    private static ProdSprint.Plans.Blueprints.FileBundle Build((string, string)[] files)
    {
        var audit = Auditor.Run(MemoryTree.Of(files));
        return PipelineFiles.Build("app", PlanBuilder.Build(audit), audit);
    }

    private static IEnumerable<YamlMappingNode> Steps((string, string)[] files, string job) => ((YamlSequenceNode)Yaml(Build(files).Files[GitHubWorkflow.Path])["jobs"][job]["steps"]).Cast<YamlMappingNode>().ToList();

    private static YamlMappingNode Step(IEnumerable<YamlMappingNode> steps, string name) => steps.Single(s => s["name"].ToString() == name);

    private static string Command(IEnumerable<YamlMappingNode> steps, string name) => Step(steps, name)["run"].ToString().TrimEnd('\n');

    private static string? Folder(IEnumerable<YamlMappingNode> steps, string name) => Step(steps, name).Children.TryGetValue("working-directory", out var folder) ? folder.ToString() : null;

    private static string? With(IEnumerable<YamlMappingNode> steps, string name, string key) => ((YamlMappingNode)Step(steps, name)["with"]).Children.TryGetValue(key, out var value) ? value.ToString() : null;

    [Fact]
    public void Build_OwnDockerfile_IsTakenAsItIs()
    {
        var bundle = Build("dockerfile-only");
        bundle.Files.Keys.ShouldNotContain(p => p.StartsWith("deploy/Dockerfile"));
    }

    private static YamlMappingNode Yaml(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    private static IEnumerable<(string, string)> Pairs(YamlNode node) => ((YamlMappingNode)node).Children.Select(c => (c.Key.ToString(), c.Value.ToString()));
}
