using ProdSprint.Plans;

namespace ProdSprint.Deploy;

/// <summary>The variables a build sees: what the plan says, where packages come from, and nothing else of the server's own environment.</summary>
internal static class BuildEnvironment
{
    public static Dictionary<string, string> Of(LocalDeployOptions options, ServicePlan service, string home, string temporary, string cache)
    {
        var e = Base(options, home, temporary);
        e["CI"] = "true"; // what tools take for "ask nobody, draw no progress bars"
        e["NO_COLOR"] = "1";
        e["npm_config_cache"] = Path.Combine(cache, "npm");
        e["npm_config_store_dir"] = Path.Combine(cache, "pnpm");
        e["npm_config_package_import_method"] = "copy"; // hard links into a cache would let a later build change this artifact
        e["npm_config_update_notifier"] = e["npm_config_fund"] = e["npm_config_audit"] = "false";
        e["YARN_CACHE_FOLDER"] = Path.Combine(cache, "yarn");
        e["PIP_CACHE_DIR"] = Path.Combine(cache, "pip");
        e["PIP_DISABLE_PIP_VERSION_CHECK"] = "1";
        e["GOCACHE"] = Path.Combine(cache, "go-build");
        e["DOTNET_CLI_TELEMETRY_OPTOUT"] = e["DOTNET_NOLOGO"] = e["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1";
        foreach (var name in options.BuildPassThrough)
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value) e[name] = value;
        if (!service.Variables.IsDefault)
            foreach (var v in service.Variables)
                // NODE_ENV=production would make npm leave out the very tools that a build needs; it is for the run.
                if (v is { Value: not null, Name: not ("PORT" or "NODE_ENV") } && !v.Value.Contains("${PORT}", StringComparison.Ordinal)) e[v.Name] = v.Value;
        return e;
    }

    /// <summary>What builds and applications have in common.</summary>
    public static Dictionary<string, string> Base(LocalDeployOptions options, string home, string temporary)
    {
        var e = Always(options, home, temporary);
        // Where .NET lies when it is not where its launchers look by themselves (an SDK in somebody's home).
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } dotnet) e["DOTNET_ROOT"] = dotnet;
        return e;
    }

    private static Dictionary<string, string> Always(LocalDeployOptions options, string home, string temporary) => new()
    {
        ["PATH"] = options.Path.Length > 0 ? options.Path : Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } path ? path : "/usr/local/bin:/usr/bin:/bin",
        ["HOME"] = home,
        ["TMPDIR"] = temporary,
        ["LANG"] = "C.UTF-8",
        ["USER"] = Environment.UserName,
        ["SHELL"] = "/bin/sh",
    };
}
