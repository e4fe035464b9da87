using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using ProdSprint.Hosting;
using ProdSprint.Server;
using YamlDotNet.RepresentationModel;

namespace ProdSprint.Tests.Api;

/// <summary>What docker-compose.yml starts is what nodes accept. Docker itself is not asked: there are machines without it.</summary>
public sealed partial class ComposeTests
{
    private static readonly YamlMappingNode Services = (YamlMappingNode)Document()["services"];

    [Fact]
    public void Compose_Nodes_HaveAllRolesBetweenThem_AndOneTarget()
    {
        var roles = Nodes().Select(n => Node.Read(Settings(n), "orleans").Roles).ToList();
        roles.ShouldBe([NodeRoles.Silo | NodeRoles.Target, NodeRoles.Silo, NodeRoles.Web], ignoreOrder: true);
    }

    [Fact]
    public void Compose_Nodes_MeetInOneClusterAndListenBeyondTheirContainer()
    {
        foreach (var settings in Nodes().Select(Settings))
        {
            Node.Read(settings, "orleans").Cluster.Id.ShouldBe("prodsprint");
            ListenOptions.Read(settings).Address.ShouldBe(System.Net.IPAddress.Any);
        }
    }

    [Fact]
    public void Compose_Target_PublishesThePortsItsRouterChoosesFrom_OnLoopbackOnly()
    {
        var router = SiloServices.RouterOptionsOf("/home", Settings("target"));
        router.BindAddress.ShouldBe(System.Net.IPAddress.Any);
        Ports("target").ShouldBe([$"127.0.0.1:{router.Ports}:{router.Ports}"]);
        Ports("web").ShouldBe(["127.0.0.1:7400:7400"]);
        ((YamlMappingNode)Services["silo"]).Children.Keys.ShouldNotContain("ports");
    }

    [Fact]
    public void Compose_Images_AreStagesOfTheDockerfile()
    {
        var stages = Stage().Matches(File.ReadAllText(Path.Combine(Root(), "deploy", "Dockerfile"))).Select(m => m.Groups[1].Value).ToList();
        foreach (var node in Nodes()) stages.ShouldContain(Text(Merged(node, "build"), "target"));
    }

    private static IEnumerable<string> Nodes() => Services.Children.Keys.Select(k => k.ToString()).Where(k => k != "postgres");

    /// <summary>As the environment's variables become settings.</summary>
    private static IConfiguration Settings(string service)
    {
        var environment = (YamlMappingNode)((YamlMappingNode)Services[service])["environment"];
        return new ConfigurationBuilder().AddInMemoryCollection(
            environment.Children.Where(c => c.Key.ToString() != "<<").Concat(((YamlMappingNode)environment["<<"]).Children)
                .Select(c => KeyValuePair.Create<string, string?>(c.Key.ToString().Replace("__", ":", StringComparison.Ordinal), c.Value.ToString()))).Build();
    }

    private static List<string> Ports(string service) => [.. ((YamlSequenceNode)((YamlMappingNode)Services[service])["ports"]).Select(p => p.ToString())];

    private static YamlMappingNode Merged(string service, string key)
    {
        var own = (YamlMappingNode)Services[service];
        return (YamlMappingNode)(own.Children.TryGetValue(key, out var given) ? given : ((YamlMappingNode)own["<<"])[key]);
    }

    private static string Text(YamlMappingNode map, string key) => map[key].ToString();

    private static YamlMappingNode Document()
    {
        var yaml = new YamlStream();
        using var file = File.OpenText(Path.Combine(Root(), "docker-compose.yml"));
        yaml.Load(file);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    private static string Root()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "docker-compose.yml"))) at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("docker-compose.yml is not above the tests");
        return at;
    }

    [GeneratedRegex("^FROM .* AS (.*)$", RegexOptions.Multiline)]
    private static partial Regex Stage();
}
