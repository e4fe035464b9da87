using System.Collections.Immutable;

namespace ProdSprint.Plans.Blueprints.Pipelines;

/// <summary>The same steps for GitLab CI. Code and secrets are scanned by its own templates; dependencies and images by Trivy as at GitHub, because GitLab's own need a licence to fail a pipeline.</summary>
public static class GitLabPipeline
{
    public const string Path = ".gitlab-ci.yml";

    public static string Write(string project, ImmutableArray<ServiceChecks> services)
    {
        var yaml = new YamlLines();
        yaml.Line("# Written by ProdSprint from the plan; change it as you like, the next plan shows the difference.")
            .Line("stages: [check, scan, image, deploy]").Line()
            .In("include:", () => { foreach (var template in (string[])["Jobs/SAST", "Jobs/Secret-Detection"]) yaml.Line($"- template: {template}.gitlab-ci.yml"); })
            .Line();
        // The templates' jobs belong to the stage "test" unless told otherwise.
        foreach (var job in (string[])["sast", "secret_detection"]) yaml.In($"{job}:", () => yaml.Line("stage: scan")).Line();
        foreach (var service in services) Check(yaml, service);
        Dependencies(yaml);
        foreach (var service in services) Image(yaml, service);
        foreach (var service in services) ScanImage(yaml, service);
        yaml.In("deploy:", () => yaml
            .Line("stage: deploy").Line($"needs: [{string.Join(", ", services.Select(s => $"scan-{s.Service}").Append("dependencies"))}]").Line("image: alpine:3.22").Line("environment: production").Line("rules:").Line("  - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH").Line("    when: manual")
            .Line("before_script: [apk add --no-cache bash curl jq]")
            .In("script:", () => { Script(yaml, "bash", DeployScript.Release(project, "$CI_COMMIT_SHA")); Script(yaml, "bash", DeployScript.Smoke); }));
        return yaml.ToString();
    }

    private static void Check(YamlLines yaml, ServiceChecks service) => yaml.In($"check-{service.Service}:", () =>
    {
        yaml.Line("stage: check").Line($"image: {service.Image}").Line("timeout: 20 minutes");
        if (service.Cache is { } cache)
            yaml.In("variables:", () => { foreach (var (variable, folder) in cache.Folders) yaml.Line($"{variable}: {YamlLines.Quote($"$CI_PROJECT_DIR/{folder}")}"); })
                .In("cache:", () => yaml.In("key:", () => yaml.Line($"prefix: {service.Service}").Line($"files: [{YamlLines.Quote(cache.Lock)}]")).Line($"paths: [{string.Join(", ", cache.Folders.Select(f => YamlLines.Quote(f.Folder)))}]"));
        yaml.In("script:", () =>
        {
            // each in a shell of its own, so that a step that goes elsewhere leaves the next one where it was
            foreach (var step in service.Steps)
                yaml.Line($"- {YamlLines.Quote((step.Directory ?? service.Directory) is var folder && folder == "." ? $"({step.Command})" : $"(cd {Projects.ShellWord.Quote(folder)} && {{ {step.Command}; }})")}");
        });
        yaml.In("artifacts:", () => yaml.Line("when: always").Line("expire_in: 30 days").In("paths:", () =>
        {
            foreach (var report in service.Steps.Where(s => s.Report is not null)) yaml.Line($"- {YamlLines.Quote(Kept(service, report))}");
            yaml.Line($"- {YamlLines.Quote(Projects.TreePaths.Join(service.Directory, "junit.xml"))}");
        }).In("reports:", () =>
        {
            yaml.Line($"junit: {YamlLines.Quote(Projects.TreePaths.Join(service.Directory, "junit.xml"))}");
            if (service.Steps.FirstOrDefault(s => s.Report?.EndsWith(".xml", StringComparison.Ordinal) is true) is { } covered)
                yaml.In("coverage_report:", () => yaml.Line("coverage_format: cobertura").Line($"path: {YamlLines.Quote(Kept(service, covered))}"));
        }));
    }).Line();

    private static string Kept(ServiceChecks service, ServiceCheck step) => Projects.TreePaths.Join(step.Directory ?? service.Directory, step.Report!);

    private static void Dependencies(YamlLines yaml) => yaml.In("dependencies:", () => Trivy(yaml, "scan").In("script:", () => yaml
        .Line("- trivy fs --format cyclonedx --output sbom.cdx.json .")
        .Line("- trivy fs --scanners vuln,secret,misconfig --severity HIGH,CRITICAL --ignore-unfixed --exit-code 1 ."))
        .In("artifacts:", () => yaml.Line("when: always").Line("expire_in: 30 days").In("paths:", () => yaml.Line("- sbom.cdx.json")).In("reports:", () => yaml.Line("cyclonedx: sbom.cdx.json")))).Line();

    /// <summary>Looks at the very digest that was pushed, before anything is deployed.</summary>
    private static void ScanImage(YamlLines yaml, ServiceChecks service) => yaml.In($"scan-{service.Service}:", () => Trivy(yaml, "image").Line($"needs: [image-{service.Service}]").Line("rules:").Line("  - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH")
        .In("variables:", () => yaml.Line("TRIVY_USERNAME: $CI_REGISTRY_USER").Line("TRIVY_PASSWORD: $CI_REGISTRY_PASSWORD"))
        .In("script:", () => yaml.Line($"- {YamlLines.Quote($"trivy image --severity HIGH,CRITICAL --ignore-unfixed --exit-code 1 \"$(cat image-{service.Service}.txt)\"")}"))).Line();

    private static YamlLines Trivy(YamlLines yaml, string stage) => yaml.Line($"stage: {stage}").In("image:", () => yaml.Line("name: aquasec/trivy:0.65.0").Line("entrypoint: [\"\"]")).Line("cache: { key: trivy, paths: [.cache/trivy] }").Line("timeout: 15 minutes")
        .Line("before_script: [export TRIVY_CACHE_DIR=$CI_PROJECT_DIR/.cache/trivy]");

    private static void Image(YamlLines yaml, ServiceChecks service) => yaml.In($"image-{service.Service}:", () => yaml
        .Line("stage: image").Line("image: docker:28").Line("services: [docker:28-dind]").Line($"needs: [check-{service.Service}]").Line("rules:").Line("  - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH")
        .In("id_tokens:", () => yaml.In("SIGSTORE_ID_TOKEN:", () => yaml.Line("aud: sigstore")))
        .In("script:", () => yaml
            // the daemon's own builder keeps no cache in a registry and makes no attestations
            .Line("- docker buildx create --use")
            .Line("- echo \"$CI_REGISTRY_PASSWORD\" | docker login -u \"$CI_REGISTRY_USER\" --password-stdin \"$CI_REGISTRY\"")
            .Line($"- {YamlLines.Quote($"docker buildx build --provenance=mode=max --sbom=true --metadata-file image.json --cache-from type=registry,ref=\"$CI_REGISTRY_IMAGE/{service.Service}:cache\" --cache-to type=registry,mode=max,ref=\"$CI_REGISTRY_IMAGE/{service.Service}:cache\" --push -f '{service.Dockerfile}' -t \"$CI_REGISTRY_IMAGE/{service.Service}:$CI_COMMIT_SHA\" '{service.Context}'")}")
            .Line("- apk add --no-cache cosign jq")
            .Line($"- {YamlLines.Quote($"echo \"$CI_REGISTRY_IMAGE/{service.Service}@$(jq -r '.[\"containerimage.digest\"]' image.json)\" | tee image-{service.Service}.txt")}")
            .Line($"- {YamlLines.Quote($"cosign sign --yes \"$(cat image-{service.Service}.txt)\"")}"))
        .In("artifacts:", () => yaml.Line("expire_in: 30 days").Line($"paths: [image-{service.Service}.txt]"))).Line();

    private static void Script(YamlLines yaml, string shell, string script)
    {
        yaml.Line("- |").Line($"  {shell} <<'END'");
        foreach (var line in script.Split('\n')) yaml.Line($"  {line}");
        yaml.Line("  END");
    }
}
