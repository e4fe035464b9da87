using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ProdSprint.Plans;
using ProdSprint.Plans.Blueprints;
using ProdSprint.Plans.Blueprints.Policies;
using ProdSprint.Projects;

namespace ProdSprint.Tests.Plans;

/// <summary>
/// The runner against a small program that has opa's command line and the form of its answers. No opa could be had where this was written: that the rules themselves are Rego that opa
/// takes was never seen, and these tests do not show it.
/// </summary>
public sealed class OpaProgramTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("prodsprint-opa-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    private static (ImmutableArray<PolicyResult> BuiltIn, PolicyFacts Facts) Facts(string profile = "default")
    {
        var folder = Directory.CreateTempSubdirectory("prodsprint-opa-app-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "package.json"), """{ "name": "app", "scripts": { "start": "node s.js" }, "dependencies": { "pg": "8" } }""");
            File.WriteAllText(Path.Combine(folder.FullName, "s.js"), "require('http').createServer().listen(process.env.PORT || 3000)");
            var audit = Auditor.Run(new CheckoutTree(folder.FullName));
            var plan = PlanBuilder.Build(audit);
            var facts = new PolicyFacts(plan, audit, BlueprintBuilder.Build("app", plan, audit, new(), "default").Infrastructure);
            return (PolicyRules.Check(profile, facts), facts);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A shell script in opa's place; <c>$input</c> is where what it was asked lies.</summary>
    private string Program(string script)
    {
        var path = Path.Combine(_folder.FullName, "opa");
        File.WriteAllText(path, $"#!/bin/sh\nhere={_folder.FullName}\nprintf '%s\\n' \"$@\" >$here/arguments\nenv >$here/environment\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private static string Answer(IEnumerable<(string Rule, bool Passed)> results)
    {
        var value = new JsonArray([.. results.Select(r => new JsonObject { ["rule"] = r.Rule, ["passed"] = r.Passed, ["evidence"] = new JsonArray("seen by opa") })]);
        return new JsonObject { ["result"] = new JsonArray(new JsonObject { ["expressions"] = new JsonArray(new JsonObject { ["value"] = value, ["text"] = RegoRules.Query, ["location"] = new JsonObject { ["row"] = 1, ["col"] = 1 } }) }) }.ToJsonString();
    }

    [Fact]
    public async Task Beside_TheSameAnswers_AreKeptBesideTheBuiltIn_AndItSeesTheFactsAndNothingOfTheServer()
    {
        var (builtIn, facts) = Facts();
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "answer"), Answer(builtIn.Select(r => (r.Rule, r.Passed))), TestContext.Current.CancellationToken);
        var results = await new OpaProgram(Program("cat >$here/input; cat $here/answer")).BesideAsync("default", builtIn, facts, TestContext.Current.CancellationToken);

        results.Select(r => (r.Rule, r.Passed, r.Level)).ShouldBe(builtIn.Select(r => (r.Rule, r.Passed, r.Level)));
        results.ShouldAllBe(r => r.Opa!.Evidence.Single() == "seen by opa");
        (await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "input"), TestContext.Current.CancellationToken)).ShouldBe(RegoRules.Input("default", facts));
        var arguments = await File.ReadAllLinesAsync(Path.Combine(_folder.FullName, "arguments"), TestContext.Current.CancellationToken);
        arguments.ShouldBe(["eval", "--format", "json", "--timeout", "10s", "--data", arguments[6], "--stdin-input", "data.prodsprint.results"]);
        var names = (await File.ReadAllLinesAsync(Path.Combine(_folder.FullName, "environment"), TestContext.Current.CancellationToken)).Select(l => l.Split('=')[0]);
        names.Except(["PATH", "HOME", "GOMEMLIMIT", "PWD", "OLDPWD", "SHLVL", "_"]).ShouldBeEmpty();
    }

    [Fact]
    public async Task Beside_AnotherAnswer_BlocksAndShowsBoth()
    {
        var (builtIn, facts) = Facts();
        var held = builtIn.First(r => r.Passed && r.Level == PolicyLevel.Block);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "answer"), Answer(builtIn.Select(r => (r.Rule, r.Rule != held.Rule && r.Passed))), TestContext.Current.CancellationToken);
        var result = (await new OpaProgram(Program("cat >/dev/null; cat $here/answer")).BesideAsync("default", builtIn, facts, TestContext.Current.CancellationToken)).Single(r => r.Rule == held.Rule);
        (result.Passed, result.Level, result.Opa!.Passed).ShouldBe((false, PolicyLevel.Block, false));
        result.Evidence.ShouldBe(held.Evidence);
        result.Remediation!.ShouldContain("built-in rule says it holds, opa says it does not hold");
    }

    [Theory]
    [InlineData("""cat >/dev/null; echo '{"errors":[{"message":"undefined ref: data.prodsprint.x","code":"rego_type_error"}]}'; exit 2""", "undefined ref")]
    [InlineData("cat >/dev/null; echo 'no such command' >&2; exit 1", "ended with 1: no such command")]
    [InlineData("cat >/dev/null; echo '{}'", "has no result")]
    [InlineData("cat >/dev/null; yes '{'", "more than 4 MiB")]
    public async Task Beside_NoAnswer_BlocksWithWhatItSaid(string script, string said)
    {
        var (builtIn, facts) = Facts("soc2");
        var results = await new OpaProgram(Program(script)).BesideAsync("soc2", builtIn, facts, TestContext.Current.CancellationToken);
        var failed = results[0];
        (failed.Rule, failed.Passed, failed.Level).ShouldBe((RegoRules.Unanswered, false, PolicyLevel.Block));
        failed.Evidence.Single().ShouldContain(said);
        results[1..].ShouldBe(builtIn);
    }

    [Fact]
    public async Task Beside_OneThatNeverEnds_IsEnded()
    {
        var (builtIn, facts) = Facts();
        var results = await new OpaProgram(Program("exec sleep 600"), TimeSpan.FromMilliseconds(200)).BesideAsync("default", builtIn, facts, TestContext.Current.CancellationToken);
        results[0].Evidence.Single().ShouldContain("no answer within");
    }

    [Fact]
    public async Task Beside_NotInstalled_IsAsItWas()
    {
        var (builtIn, facts) = Facts();
        (await new OpaProgram(Path.Combine(_folder.FullName, "none")).BesideAsync("default", builtIn, facts, TestContext.Current.CancellationToken)).ShouldBe(builtIn);
    }
}
