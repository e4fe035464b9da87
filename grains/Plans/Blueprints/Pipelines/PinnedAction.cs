namespace ProdSprint.Plans.Blueprints.Pipelines;

/// <summary>
/// A published action at the commit of a release: a tag can be moved, a commit cannot. The commits are those the tags named on 2026-11-21; Dependabot and Renovate
/// raise both together, because the tag stands behind the commit as a comment.
/// </summary>
public sealed record PinnedAction(string Name, string Commit, string Tag)
{
    public static readonly PinnedAction Checkout = new("actions/checkout", "3d3c42e5aac5ba805825da76410c181273ba90b1", "v7.0.1");
    public static readonly PinnedAction Node = new("actions/setup-node", "820762786026740c76f36085b0efc47a31fe5020", "v7.0.0");
    public static readonly PinnedAction Python = new("actions/setup-python", "5fda3b95a4ea91299a34e894583c3862153e4b97", "v7.0.0");
    public static readonly PinnedAction DotNet = new("actions/setup-dotnet", "a98b56852c35b8e3190ac28c8c2271da59106c68", "v6.0.0");
    public static readonly PinnedAction Go = new("actions/setup-go", "b7ad1dad31e06c5925ef5d2fc7ad053ef454303e", "v7.0.0");
    public static readonly PinnedAction Upload = new("actions/upload-artifact", "bbbca2ddaa5d8feaa63e36b76fdaad77386f024f", "v7.0.0");
    public static readonly PinnedAction Sbom = new("anchore/sbom-action", "e22c389904149dbc22b58101806040fa8d37a610", "v0.24.0");
    public static readonly PinnedAction CodeQlInit = new("github/codeql-action/init", "8aad20d150bbac5944a9f9d289da16a4b0d87c1e", "v4.36.2");
    public static readonly PinnedAction CodeQlAnalyze = new("github/codeql-action/analyze", "8aad20d150bbac5944a9f9d289da16a4b0d87c1e", "v4.36.2");
    public static readonly PinnedAction Buildx = new("docker/setup-buildx-action", "37fe631027851001ddb9b187196cc803df7f5f0e", "v4.3.0");
    public static readonly PinnedAction Login = new("docker/login-action", "4907a6ddec9925e35a0a9e82d7399ccc52663121", "v4.1.0");
    public static readonly PinnedAction BuildPush = new("docker/build-push-action", "53b7df96c91f9c12dcc8a07bcb9ccacbed38856a", "v7.3.0");
    public static readonly PinnedAction Trivy = new("aquasecurity/trivy-action", "ed142fd0673e97e23eac54620cfb913e5ce36c25", "v0.36.0");
    public static readonly PinnedAction Cosign = new("sigstore/cosign-installer", "6f9f17788090df1f26f669e9d70d6ae9567deba6", "v4.1.2");

    public override string ToString() => $"{Name}@{Commit} # {Tag}";
}
