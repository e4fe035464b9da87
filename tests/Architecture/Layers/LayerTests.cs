using System.Reflection;
using System.Text.RegularExpressions;

namespace ProdSprint.Architecture;

/// <summary>Who may know whom: grain-interfaces, grains, silo, web, cli, each only those before it; the engine none of them.</summary>
public sealed partial class LayerTests
{
    private static readonly Assembly[] Order =
    [
        typeof(Kernel.Actor).Assembly, typeof(Kernel.IMachineSink).Assembly, typeof(Data.Database).Assembly, Assembly.Load("ProdSprint.Web"), Assembly.Load("prodsprint"),
    ];

    [Fact]
    public void Layers_KnowOnlyThoseBefore()
    {
        Order.Distinct().Count().ShouldBe(5);
        for (var i = 0; i < Order.Length; i++)
            Ours(Order[i]).ShouldBeSubsetOf(Order.Take(i).Select(a => a.GetName().Name!), Order[i].GetName().Name);
    }

    [Fact]
    public void Engine_KnowsNothingOfTheProduct()
    {
        // On genuine Orleans this is Orleans' own assembly, of which it holds as well.
        typeof(Grain).Assembly.GetReferencedAssemblies().Select(a => a.Name!).ShouldNotContain(n => n.StartsWith("ProdSprint", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("Npgsql"), InlineData("Dapper"), InlineData("Microsoft.AspNetCore"), InlineData("System.Net.Http"), InlineData("System.Diagnostics.Process")]
    public void GrainsAndContracts_ReachNothingOutside(string library) => Order.Take(2).SelectMany(a => a.GetReferencedAssemblies())
        .ShouldNotContain(r => r.Name!.StartsWith(library, StringComparison.Ordinal));

    [Fact]
    public void ProductCode_HasNoConditionalCompilation() => ConditionalsIn("grain-interfaces", "grains", "silo", "web", "cli", "engine").ShouldBeEmpty();

    [Theory]
    [InlineData("#if DEBUG", true), InlineData("   # if ORLEANS", true), InlineData("#elif X", true), InlineData("#pragma warning disable", false), InlineData("// #if", false)]
    public void Conditional_IsFound(string line, bool found) => Conditional().IsMatch(line).ShouldBe(found);

    private static IEnumerable<string> ConditionalsIn(params string[] folders)
    {
        var root = Root();
        var files = folders.SelectMany(f => Directory.EnumerateFiles(Path.Combine(root, f), "*.cs", new EnumerationOptions { RecurseSubdirectories = true }))
            .Where(f => !f.Contains("node_modules", StringComparison.Ordinal)).ToList();
        files.Count.ShouldBeGreaterThan(100);
        return files.SelectMany(f => File.ReadLines(f).Select((line, i) => (line, i)).Where(l => Conditional().IsMatch(l.line))
            .Select(l => $"{Path.GetRelativePath(root, f)}:{l.i + 1}"));
    }

    private static string Root()
    {
        for (var d = new DirectoryInfo(AppContext.BaseDirectory); d is not null; d = d.Parent)
            if (File.Exists(Path.Combine(d.FullName, "ProdSprint.slnx"))) return d.FullName;
        throw new DirectoryNotFoundException("The checkout was not found above the tests: build them inside of it.");
    }

    private static IEnumerable<string> Ours(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(n => n.StartsWith("ProdSprint", StringComparison.OrdinalIgnoreCase) && n != "ProdSprint.Engine");

    [GeneratedRegex(@"^\s*#\s*(if|elif)\b")]
    private static partial Regex Conditional();
}
