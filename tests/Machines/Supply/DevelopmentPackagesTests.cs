using ProdSprint.Projects;
using ProdSprint.Supply;

namespace ProdSprint.Tests.Supply;

/// <summary>Which packages are for development alone, where the lock file says it of none by itself: what is reached only from what is asked for in development.</summary>
public sealed class DevelopmentPackagesTests
{
    [Fact]
    public void Pnpm9_WhatOnlyDevelopmentReaches_IsForDevelopment() => Purls(("pnpm-lock.yaml", """
        lockfileVersion: '9.0'
        importers:
          .:
            dependencies:
              app:
                specifier: '1'
                version: 1.0.0(peer@1.0.0)
            devDependencies:
              tool:
                specifier: '1'
                version: 1.0.0
        packages:
          app@1.0.0: {}
          both@1.0.0: {}
          deep@1.0.0: {}
          native@1.0.0: {}
          peer@1.0.0: {}
          tool@1.0.0: {}
        snapshots:
          app@1.0.0(peer@1.0.0):
            dependencies:
              both: 1.0.0
              peer: 1.0.0
            optionalDependencies:
              native: 1.0.0
          both@1.0.0: {}
          deep@1.0.0: {}
          native@1.0.0: {}
          peer@1.0.0: {}
          tool@1.0.0:
            dependencies:
              both: 1.0.0
              deep: 1.0.0

        """)).ShouldBe(["app@1.0.0", "both@1.0.0", "deep@1.0.0 dev", "native@1.0.0", "peer@1.0.0", "tool@1.0.0 dev"]);

    [Fact]
    public void Pnpm11_TheDocumentOfPnpmItself_IsReadAndForDevelopment() => Purls(("pnpm-lock.yaml", """
        ---
        lockfileVersion: '9.0'
        importers:
          .:
            packageManagerDependencies:
              pnpm:
                specifier: 11.0.0
                version: 11.0.0
        packages:
          pnpm@11.0.0: {}
        snapshots:
          pnpm@11.0.0: {}
        ---
        lockfileVersion: '9.0'
        importers:
          .:
            dependencies:
              app:
                specifier: '1'
                version: 1.0.0
        packages:
          app@1.0.0: {}
        snapshots:
          app@1.0.0: {}

        """)).ShouldBe(["app@1.0.0", "pnpm@11.0.0 dev"]);

    [Fact]
    public void Uv_GroupsAreForDevelopment_AndAnExtraCountsWhereItIsAskedFor() => Purls(("uv.lock", """
        [[package]]
        name = "shop"
        version = "0.1"
        source = { virtual = "." }
        dependencies = [{ name = "web", extra = ["fast"] }]
        [package.optional-dependencies]
        pg = [{ name = "pg" }]
        [package.dev-dependencies]
        checks = [{ name = "tool", extra = ["all"] }, { name = "both" }]
        [[package]]
        name = "web"
        version = "1"
        dependencies = [{ name = "both" }]
        [package.optional-dependencies]
        fast = [{ name = "loop" }]
        slow = [{ name = "snail" }]
        [[package]]
        name = "tool"
        version = "1"
        [package.optional-dependencies]
        all = [{ name = "deep" }]
        [[package]]
        name = "both"
        version = "1"
        [[package]]
        name = "deep"
        version = "1"
        [[package]]
        name = "loop"
        version = "1"
        [[package]]
        name = "pg"
        version = "1"
        [[package]]
        name = "snail"
        version = "1"

        """)).ShouldBe(["both@1", "deep@1 dev", "loop@1", "pg@1", "snail@1", "tool@1 dev", "web@1"]);

    [Fact]
    public void Poetry2_EveryGroupButMain_IsForDevelopment() =>
        Purls(("poetry.lock", "[[package]]\nname = \"a\"\nversion = \"1\"\ngroups = [\"main\", \"typing\"]\n[[package]]\nname = \"b\"\nversion = \"1\"\ngroups = [\"typing\"]\n")).ShouldBe(["a@1", "b@1 dev"]);

    [Fact]
    public void Poetry15_SaysNoGroups_SoPyprojectDoes() => Purls(
        ("poetry.lock", "[[package]]\nname = \"a\"\nversion = \"1\"\n[package.dependencies]\nc = \"*\"\n[[package]]\nname = \"b\"\nversion = \"1\"\n[package.dependencies]\nc = \"*\"\nd = \"*\"\n[[package]]\nname = \"c\"\nversion = \"1\"\n[[package]]\nname = \"d\"\nversion = \"1\"\n"),
        ("pyproject.toml", "[tool.poetry.dependencies]\npython = \"^3.12\"\na = \"1\"\n[tool.poetry.group.checks.dependencies]\nb = \"1\"\n")).ShouldBe(["a@1", "b@1 dev", "c@1", "d@1 dev"]);

    [Fact]
    public void Pdm_GroupsOfDevelopment_NotThePartsThatAreOptional() => Purls(
        ("pdm.lock", "[[package]]\nname = \"a\"\nversion = \"1\"\ngroups = [\"default\"]\n[[package]]\nname = \"b\"\nversion = \"1\"\ngroups = [\"http\"]\n[[package]]\nname = \"c\"\nversion = \"1\"\ngroups = [\"checks\"]\n"),
        ("pyproject.toml", "[project]\nname = \"x\"\n[dependency-groups]\nchecks = [\"c\"]\n[project.optional-dependencies]\nhttp = [\"b\"]\n")).ShouldBe(["a@1", "b@1", "c@1 dev"]);

    private static List<string> Purls(params (string, string)[] files)
    {
        var bill = SbomReader.Read(MemoryTree.Of(files));
        bill.Unread.ShouldBeEmpty();
        return [.. bill.Components.Select(c => $"{c.Name}@{c.Version}{(c.Development ? " dev" : "")}")];
    }
}
