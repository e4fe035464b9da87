using ProdSprint.Plans;
using ProdSprint.Plans.Blueprints.Pipelines;
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
