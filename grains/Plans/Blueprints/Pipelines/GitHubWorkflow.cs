using System.Collections.Immutable;

namespace ProdSprint.Plans.Blueprints.Pipelines;

/// <summary>
/// GitHub Actions: check every service, look for weaknesses, build, scan, sign and describe the images, then hand the commit to ProdSprint, which deploys it.
/// Every action is pinned to a commit; a job may do only what it is given.
/// </summary>
public static class GitHubWorkflow
{
    public const string Path = ".github/workflows/prodsprint.yml";

    public static string Write(string project, ImmutableArray<ServiceChecks> services, ImmutableArray<string> branches)
    {
        var yaml = new YamlLines();
        yaml.Line("# Written by ProdSprint from the plan; change it as you like, the next plan shows the difference.")
            .Line("name: prodsprint").Line()
            .In("on:", () => yaml.Line("pull_request:").In("push:", () => yaml.Line($"branches: [{string.Join(", ", branches.Select(b => b.All(char.IsAsciiLetterOrDigit) ? b : YamlLines.Quote(b)))}]")))
            .Line().In("permissions:", () => yaml.Line("contents: read"))
            .Line().In("concurrency:", () => yaml.Line("group: prodsprint-${{ github.ref }}").Line("cancel-in-progress: ${{ github.event_name == 'pull_request' }}"))
            .Line().In("jobs:", () =>
            {
                foreach (var service in services) Check(yaml, service);
                Weaknesses(yaml, services);
                foreach (var service in services) Image(yaml, project, service);
                Deploy(yaml, project, services);
            });
        return yaml.ToString();
    }

    private static void Check(YamlLines yaml, ServiceChecks service) => Job(yaml, $"check-{service.Service}", null, 20, () =>
    {
        Uses(yaml, "Check out", PinnedAction.Checkout, ("persist-credentials", "false"));
        if (service.Before is { } before) Run(yaml, "Bring what the cache asks", before, null, null);
        if (service.Setup is { } setup) Uses(yaml, "Set up", setup, [.. service.With]);
        foreach (var step in service.Steps) Run(yaml, step.Name, step.Command, step.Directory ?? service.Directory, null);
        foreach (var report in service.Steps.Where(s => s.Report is not null))
            Uses(yaml, "Keep the report", PinnedAction.Upload, ("name", $"coverage-{service.Service}"), ("path", Projects.TreePaths.Join(report.Directory ?? service.Directory, report.Report!)), ("if-no-files-found", "ignore"));
    });

    private static void Weaknesses(YamlLines yaml, ImmutableArray<ServiceChecks> services)
    {
        var languages = services.Select(s => s.CodeQl).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        if (languages.Count > 0)
            Job(yaml, "code-scanning", [("security-events", "write")], 30, () =>
            {
                Uses(yaml, "Check out", PinnedAction.Checkout, ("persist-credentials", "false"));
                Uses(yaml, "Start CodeQL", PinnedAction.CodeQlInit, ("languages", string.Join(",", languages)), ("build-mode", "none"));
                Uses(yaml, "Analyse", PinnedAction.CodeQlAnalyze);
            });
        Job(yaml, "dependencies", null, 15, () =>
        {
            Uses(yaml, "Check out", PinnedAction.Checkout, ("persist-credentials", "false"));
            Uses(yaml, "Bill of materials", PinnedAction.Sbom, ("path", "."), ("format", "cyclonedx-json"), ("output-file", "sbom.cdx.json"));
            Uses(yaml, "Known weaknesses, secrets and faults", PinnedAction.Trivy, ("scan-type", "fs"), ("scanners", "vuln,secret,misconfig"), ("severity", "HIGH,CRITICAL"), ("ignore-unfixed", "true"), ("exit-code", "1"));
        });
    }

    private static void Image(YamlLines yaml, string project, ServiceChecks service) =>
        Job(yaml, $"image-{service.Service}", [("packages", "write"), ("id-token", "write")], 30, () =>
        {
            Uses(yaml, "Check out", PinnedAction.Checkout, ("persist-credentials", "false"));
            Uses(yaml, "Set up the builder", PinnedAction.Buildx);
            Uses(yaml, "Sign in to the registry", PinnedAction.Login, ("registry", "ghcr.io"), ("username", "${{ github.actor }}"), ("password", "${{ secrets.GITHUB_TOKEN }}"));
            // A registry takes lower case only.
            Run(yaml, "Name the image", $"echo \"image=ghcr.io/${{GITHUB_REPOSITORY,,}}/{service.Service}\" >> \"$GITHUB_OUTPUT\"", null, "name");
            Uses(yaml, "Build and push", PinnedAction.BuildPush, "build", ("context", service.Context), ("file", service.Dockerfile), ("push", "true"), ("provenance", "mode=max"), ("sbom", "true"),
                ("tags", "${{ steps.name.outputs.image }}:${{ github.sha }}"), ("cache-from", "type=gha"), ("cache-to", "type=gha,mode=max"));
            Uses(yaml, "Scan the image", PinnedAction.Trivy, ("image-ref", "${{ steps.name.outputs.image }}@${{ steps.build.outputs.digest }}"), ("severity", "HIGH,CRITICAL"), ("ignore-unfixed", "true"), ("exit-code", "1"));
            Uses(yaml, "Bring cosign", PinnedAction.Cosign);
            Run(yaml, "Sign the image", "cosign sign --yes \"$IMAGE@$DIGEST\"", null, null, ("IMAGE", "${{ steps.name.outputs.image }}"), ("DIGEST", "${{ steps.build.outputs.digest }}"));
            Run(yaml, "Copy it to the repositories that Terraform made", ImageCopy.Script(project, service.Service), null, null,
                ("IMAGE", "${{ steps.name.outputs.image }}"), ("DIGEST", "${{ steps.build.outputs.digest }}"), ("AWS_ROLE_ARN", "${{ vars.AWS_ROLE_ARN }}"), ("AWS_REGION", "${{ vars.AWS_REGION }}"));
        }, needs: [$"check-{service.Service}"], onlyOnPush: true);

    /// <summary>The environment is where a team sets who has to approve by hand.</summary>
    private static void Deploy(YamlLines yaml, string project, ImmutableArray<ServiceChecks> services) =>
        Job(yaml, "deploy", null, 60, () =>
        {
            Run(yaml, "Plan and release", DeployScript.Release(project, "$GITHUB_SHA"), null, null, ("PRODSPRINT_URL", "${{ vars.PRODSPRINT_URL }}"), ("PRODSPRINT_TOKEN", "${{ secrets.PRODSPRINT_TOKEN }}"));
            Run(yaml, "Smoke", DeployScript.Smoke, null, null, ("APP_URL", "${{ vars.APP_URL }}"));
        }, needs: [.. services.Select(s => $"image-{s.Service}"), "dependencies"], onlyOnPush: true, environment: "production");

    private static void Job(YamlLines yaml, string name, (string, string)[]? permissions, int minutes, Action steps, string[]? needs = null, bool onlyOnPush = false, string? environment = null) => yaml.In($"{name}:", () =>
    {
        if (needs is not null) yaml.Line($"needs: [{string.Join(", ", needs)}]");
        if (onlyOnPush) yaml.Line("if: github.event_name == 'push'");
        yaml.Line("runs-on: ubuntu-24.04").Line($"timeout-minutes: {minutes}");
        if (environment is not null) yaml.Line($"environment: {environment}");
        if (permissions is not null) yaml.In("permissions:", () => { yaml.Line("contents: read"); foreach (var (what, how) in permissions) yaml.Line($"{what}: {how}"); });
        yaml.In("steps:", steps);
    }).Line();

    private static void Uses(YamlLines yaml, string name, PinnedAction action, params (string Name, string Value)[] with) => Uses(yaml, name, action, null, with);

    private static void Uses(YamlLines yaml, string name, PinnedAction action, string? id, params (string Name, string Value)[] with)
    {
        yaml.Line($"- name: {name}");
        if (id is not null) yaml.Line($"  id: {id}");
        yaml.Line($"  uses: {action}");
        if (with.Length == 0) return;
        yaml.Line("  with:");
        foreach (var (key, value) in with) yaml.Line($"    {key}: {YamlLines.Quote(value)}");
    }

    private static void Run(YamlLines yaml, string name, string command, string? directory, string? id, params (string Name, string Value)[] environment)
    {
        yaml.Line($"- name: {name}");
        if (id is not null) yaml.Line($"  id: {id}");
        if (directory is not (null or ".")) yaml.Line($"  working-directory: {YamlLines.Quote(directory)}");
        if (environment.Length > 0) yaml.Line("  env:");
        foreach (var (key, value) in environment) yaml.Line($"    {key}: {YamlLines.Quote(value)}");
        yaml.Line("  run: |");
        // A repository's own command must not be read as an expression of the workflow's.
        foreach (var line in command.Replace("${{", "$ {{", StringComparison.Ordinal).Split('\n')) yaml.Line($"    {line}");
    }
}
