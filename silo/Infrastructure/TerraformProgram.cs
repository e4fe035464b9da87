namespace ProdSprint.Infrastructure;

/// <summary>OpenTofu or Terraform, whichever is installed.</summary>
public sealed class TerraformProgram(InfrastructureOptions options)
{
    private static readonly string[] Names = ["tofu", "terraform"];

    /// <exception cref="InfrastructureException">Neither is there.</exception>
    public string Find() => Look() ?? throw new InfrastructureException(
        options.Program.Length > 0 ? $"Infrastructure:Program is '{options.Program}', and there is no such program." : "Neither tofu nor terraform is installed on this server, so its infrastructure can be neither planned nor applied.",
        "install OpenTofu (https://opentofu.org/docs/intro/install) or Terraform (https://developer.hashicorp.com/terraform/install), 1.6 or newer, and try again");

    public string? Look() => options.Program.Length > 0
        ? File.Exists(options.Program) ? options.Program : null
        : Names.SelectMany(n => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(d => Path.Combine(d, n))).FirstOrDefault(File.Exists);
}
