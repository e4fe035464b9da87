namespace ProdSprint.Plans.Blueprints.Infrastructure;

/// <summary>
/// A root of its own for the role by which the pipeline pushes images: both environments have the one, and an account has GitHub's OIDC provider once. It names the repositories before they are
/// there, so it can be applied first or last.
/// </summary>
internal static class AwsPush
{
    public const string Folder = "pipeline";

    public static IEnumerable<(string Path, string Text)> Files(string project, AwsNeeds needs, BlueprintOptions options, string versions) =>
    [
        ($"{Folder}/versions.tf", versions),
        ($"{Folder}/main.tf", Main(project)),
        ($"{Folder}/terraform.tfvars", Values(project, needs, options)),
    ];

    private static string Main(string project)
    {
        var writer = new HclWriter()
            .Block("provider \"aws\"", p => p.Set("region", "var.region").Block("default_tags", tags => tags.Set("tags", tags.Map([("project", HclWriter.Text(project)), ("managed-by", HclWriter.Text("prodsprint"))]))))
            .Block("variable \"region\"", v => v.SetText("description", "Of the image repositories").Set("type", "string"))
            .Block("variable \"repository\"", v => v.SetText("description", "OWNER/NAME at GitHub").Set("type", "string"))
            .Block("variable \"branches\"", v => v.SetText("description", "Branches whose runs may push; nobody but their reviewers should write to them").Set("type", "list(string)"))
            .Block("variable \"image_repositories\"", v => v.SetText("description", "Those that the environments make").Set("type", "list(string)"))
            .Block("variable \"provider_arn\"", v => v.SetText("description", "GitHub's OIDC provider when the account has it; empty: it is made").Set("type", "string").SetText("default", ""));
        writer.Block("module \"push\"", m => m.SetText("source", "../modules/push").Gap().SetText("name", project).Set("region", "var.region").Set("repository", "var.repository").Set("branches", "var.branches")
            .Set("image_repositories", "var.image_repositories").Set("provider_arn", "var.provider_arn"));
        return writer.Block("output \"role_arn\"", o => o.SetText("description", "For the variable AWS_ROLE_ARN of the repository at GitHub").Set("value", "module.push.role_arn")).ToString();
    }

    private static string Values(string project, AwsNeeds needs, BlueprintOptions options)
    {
        var writer = new HclWriter().SetText("region", options.Region);
        if (options.Repository is { } repository) writer.SetText("repository", repository);
        return writer.Set("branches", HclWriter.List(options.Branches.Select(HclWriter.Text)))
            .Set("image_repositories", HclWriter.List(PlanBuilder.Environments.SelectMany(e => needs.Services.Select(s => HclWriter.Text($"{AwsRoot.NameOf(project, e)}/{s.Name}"))))).ToString();
    }
}
