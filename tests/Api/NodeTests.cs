using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ProdSprint.Hosting;
using ProdSprint.Server;

namespace ProdSprint.Tests.Api;

/// <summary>A node whose settings cannot stand does not start, and says all that is wrong at once.</summary>
public sealed class NodeTests
{
    private const string Orleans = "orleans";

    [Fact]
    public void Read_NothingSet_IsEverythingAlone()
    {
        foreach (var engine in (string[])[Orleans, SiloEngine.Embedded])
        {
            var node = Node.Read(Settings(), engine);
            node.Roles.ShouldBe(NodeRoles.All);
            node.Cluster.Id.ShouldBeNull();
        }
    }

    [Theory]
    [InlineData("web", NodeRoles.Web)]
    [InlineData("silo", NodeRoles.Silo)]
    [InlineData("Silo, Target", NodeRoles.Silo | NodeRoles.Target)]
    public void Read_PartOfACluster_HasThoseRoles(string roles, NodeRoles expected)
    {
        var node = Node.Read(Cluster(roles), Orleans);
        node.Roles.ShouldBe(expected);
        node.Cluster.Id.ShouldBe("one");
    }

    [Fact]
    public void Read_Embedded_IsOneProcess() => Problems(Cluster("web"), SiloEngine.Embedded).ShouldHaveSingleItem().ShouldContain("Engine=orleans");

    [Fact]
    public void Read_EmbeddedWithACluster_IsRefused() => Problems(Settings(("Cluster:Id", "one")), SiloEngine.Embedded).ShouldHaveSingleItem().ShouldContain("Cluster__Id");

    [Fact]
    public void Read_SeveralMistakes_AreSaidAtOnce()
    {
        var problems = Problems(Settings(("Server:Roles", "target, worker"), ("Cluster:Address", "here"), ("Cluster:SiloPort", "70000")), Orleans);
        problems.Count.ShouldBe(6);
        foreach (var said in (string[])["'worker'", "Server__Roles=silo,target", "Cluster__Id", "ConnectionStrings:prodsprint", "'here'", "70000"])
            problems.ShouldContain(p => p.Contains(said));
    }

    [Fact]
    public void Listen_NoAddress_IsRefused() =>
        Should.Throw<OptionsValidationException>(() => ListenOptions.Read(Settings(("Server:Listen", "everywhere")))).Message.ShouldContain("'everywhere'");

    /// <summary>Before the database and the router are started: a server that does not start leaves nothing behind.</summary>
    [Fact]
    public async Task Start_FaultsOfManySections_AreAllSaid_AndNothingIsStarted()
    {
        var home = Directory.CreateTempSubdirectory("ps-settings-").FullName;
        var settings = new Dictionary<string, string?>
        {
            ["Server:Origins:0"] = "*", ["Server:Listen"] = "everywhere", ["Identity:Mode"] = "accounts", ["Identity:AccessMinutes"] = "0", ["Limits:Read:PerSecond"] = "abc", ["Usage:KeepDays"] = "0",
            ["Audit:KeepDays"] = "-1", ["Sources:LocalRoots:0"] = "relative",
        };
        var faults = (await Should.ThrowAsync<OptionsValidationException>(() => ServerHost.BuildAsync(new() { Home = home, Port = 0, Settings = settings }, CancellationToken.None))).Failures.ToList();
        foreach (var said in (string[])["'*'", "'everywhere'", "AccessMinutes", "Limits:Read:PerSecond", "Usage:KeepDays", "Audit:KeepDays", "'relative'"]) faults.ShouldContain(f => f.Contains(said), said);
        Directory.EnumerateFileSystemEntries(home).ShouldBeEmpty();
        Directory.Delete(home, recursive: true);
    }

    private static IList<string> Problems(IConfiguration settings, string engine) => [.. Should.Throw<OptionsValidationException>(() => Node.Read(settings, engine)).Failures];

    private static IConfiguration Cluster(string roles) => Settings(("Server:Roles", roles), ("Cluster:Id", "one"), ("ConnectionStrings:prodsprint", "Host=db"));

    private static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>(s.Key, s.Value))).Build();
}
