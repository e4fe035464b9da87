using System.Collections.Immutable;

namespace ProdSprint.Plans.Blueprints.Pipelines;

/// <summary>The same steps for GitLab CI; what GitLab brings itself (code, dependency, secret and container scanning) is taken from its own templates.</summary>
public static class GitLabPipeline
{
    public const string Path = ".gitlab-ci.yml";

    public static string Write(string project, ImmutableArray<ServiceChecks> services)
    {
        var yaml = new YamlLines();
        yaml.Line("# Written by ProdSprint from the plan; change it as you like, the next plan shows the difference.")
            .Line("stages: [check, scan, image, deploy]").Line()
            .In("include:", () => { foreach (var template in (string[])["Jobs/SAST", "Jobs/Secret-Detection", "Jobs/Dependency-Scanning"]) yaml.Line($"- template: {template}.gitlab-ci.yml"); })
            .Line();
        // The templates' jobs belong to the stage "test" unless told otherwise.
        foreach (var job in (string[])["sast", "secret_detection", "dependency_scanning"]) yaml.In($"{job}:", () => yaml.Line("stage: scan")).Line();
        foreach (var service in services) Check(yaml, service);
        foreach (var service in services) Image(yaml, service);
        yaml.In("deploy:", () => yaml
            .Line("stage: deploy").Line("image: alpine:3.22").Line("environment: production").Line("rules:").Line("  - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH").Line("    when: manual")
            .Line("before_script: [apk add --no-cache bash curl jq]")
            .In("script:", () => { Script(yaml, "bash", DeployScript.Release(project, "$CI_COMMIT_SHA")); Script(yaml, "bash", DeployScript.Smoke); }));
        return yaml.ToString();
    }

    private static void Check(YamlLines yaml, ServiceChecks service) => yaml.In($"check-{service.Service}:", () =>
    {
        yaml.Line("stage: check").Line($"image: {service.Image}").Line("timeout: 20 minutes");
        yaml.In("script:", () =>
        {
            if (service.Directory != ".") yaml.Line($"- {YamlLines.Quote($"cd '{service.Directory.Replace("'", "'\\''", StringComparison.Ordinal)}'")}");
            foreach (var step in service.Steps) yaml.Line($"- {YamlLines.Quote(step.Command)}");
        });
        yaml.In("artifacts:", () => yaml.Line("when: always").Line("expire_in: 30 days").In("paths:", () =>
        {
            foreach (var report in service.Steps.Where(s => s.Report is not null)) yaml.Line($"- {YamlLines.Quote(Projects.TreePaths.Join(service.Directory, report.Report!))}");
            yaml.Line("- junit.xml");
        }));
    }).Line();

    private static void Image(YamlLines yaml, ServiceChecks service) => yaml.In($"image-{service.Service}:", () => yaml
        .Line("stage: image").Line("image: docker:28").Line("services: [docker:28-dind]").Line($"needs: [check-{service.Service}]").Line("rules:").Line("  - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH")
        .In("id_tokens:", () => yaml.In("SIGSTORE_ID_TOKEN:", () => yaml.Line("aud: sigstore")))
        .In("script:", () => yaml
            .Line("- echo \"$CI_REGISTRY_PASSWORD\" | docker login -u \"$CI_REGISTRY_USER\" --password-stdin \"$CI_REGISTRY\"")
            .Line($"- {YamlLines.Quote($"docker buildx build --provenance=mode=max --sbom=true --metadata-file image.json --push -f '{service.Dockerfile}' -t \"$CI_REGISTRY_IMAGE/{service.Service}:$CI_COMMIT_SHA\" '{service.Context}'")}")
            .Line("- apk add --no-cache cosign jq")
            .Line($"- {YamlLines.Quote($"cosign sign --yes \"$CI_REGISTRY_IMAGE/{service.Service}@$(jq -r '.[\"containerimage.digest\"]' image.json)\"")}"))).Line();

    private static void Script(YamlLines yaml, string shell, string script)
    {
        yaml.Line("- |").Line($"  {shell} <<'END'");
        foreach (var line in script.Split('\n')) yaml.Line($"  {line}");
        yaml.Line("  END");
    }
}
