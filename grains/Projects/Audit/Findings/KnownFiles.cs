namespace ProdSprint.Projects;

/// <summary>Files that say something about the whole repository by their name alone. A rule is an exact path, a name ("name:"), an ending ("*.") or a folder of files with an ending.</summary>
public static class KnownFiles
{
    private sealed record Rule(string Kind, Func<string, bool> Is);

    private static Rule Path(string kind, params string[] paths) => new(kind, p => Array.IndexOf(paths, p) >= 0);

    private static Rule Name(string kind, params string[] names) => new(kind, p => Array.IndexOf(names, TreePaths.NameOf(p)) >= 0);

    private static Rule Ending(string kind, params string[] extensions) => new(kind, p => Array.IndexOf(extensions, TreePaths.ExtensionOf(p)) >= 0);

    private static Rule Below(string kind, string folder, params string[] extensions) => new(kind, p => p.StartsWith(folder, StringComparison.Ordinal) && Array.IndexOf(extensions, TreePaths.ExtensionOf(p)) >= 0);

    private static readonly Rule[] Pipelines =
    [
        Below("github-actions", ".github/workflows/", ".yml", ".yaml"), Path("gitlab-ci", ".gitlab-ci.yml", ".gitlab-ci.yaml"), Path("azure-pipelines", "azure-pipelines.yml", "azure-pipelines.yaml"), Below("azure-pipelines", ".azure-pipelines/", ".yml", ".yaml"),
        Path("jenkins", "Jenkinsfile"), Path("circleci", ".circleci/config.yml", ".circleci/config.yaml"), Path("travis", ".travis.yml"), Path("bitbucket-pipelines", "bitbucket-pipelines.yml"), Path("drone", ".drone.yml"),
        Path("woodpecker", ".woodpecker.yml"), Below("woodpecker", ".woodpecker/", ".yml", ".yaml"), Below("buildkite", ".buildkite/", ".yml", ".yaml"), Path("cloud-build", "cloudbuild.yaml", "cloudbuild.yml", "cloudbuild.json"), Path("appveyor", "appveyor.yml", ".appveyor.yml"),
        Below("forgejo-actions", ".forgejo/workflows/", ".yml", ".yaml"), Below("gitea-actions", ".gitea/workflows/", ".yml", ".yaml"), Below("teamcity", ".teamcity/", ".kts"), Path("semaphore", ".semaphore/semaphore.yml"), Path("codebuild", "buildspec.yml", "buildspec.yaml"), Path("codefresh", "codefresh.yml"),
    ];

    private static readonly Rule[] Infrastructure =
    [
        Ending("terraform", ".tf"), Ending("bicep", ".bicep"), Name("terragrunt", "terragrunt.hcl"), Name("pulumi", "Pulumi.yaml", "Pulumi.yml"), Name("cdk", "cdk.json"), Name("helm", "Chart.yaml"), Name("kustomize", "kustomization.yaml", "kustomization.yml"), Name("serverless", "serverless.yml", "serverless.yaml"),
        Name("sam", "samconfig.toml"), Name("skaffold", "skaffold.yaml", "skaffold.yml"), Name("tilt", "Tiltfile"), Name("ansible", "ansible.cfg", "playbook.yml", "playbook.yaml"), Name("vagrant", "Vagrantfile"), Name("packer", "packer.json"), Name("nomad", "job.nomad", "nomad.hcl"),
        Name("compose", "docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml"), Name("fly", "fly.toml"), Name("render", "render.yaml"), Name("vercel", "vercel.json"), Name("netlify", "netlify.toml"), Name("app-engine", "app.yaml"), Name("heroku", "heroku.yml", "app.json"), Name("railway", "railway.json", "railway.toml"), Name("azd", "azure.yaml"), Name("wrangler", "wrangler.toml", "wrangler.json", "wrangler.jsonc"),
    ];

    public static string? Pipeline(string path) => Array.Find(Pipelines, r => r.Is(path))?.Kind;

    public static string? InfrastructureOf(string path) => Array.Find(Infrastructure, r => r.Is(path))?.Kind;
}
