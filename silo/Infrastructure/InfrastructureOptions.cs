namespace ProdSprint.Infrastructure;

/// <summary>How environments get what they stand on: section <c>Infrastructure</c>.</summary>
public sealed class InfrastructureOptions
{
    /// <summary>Directories and secrets of the environments, and the folders that Terraform works in. Absolute, on the target.</summary>
    public string Root { get; set; } = "";

    /// <summary>tofu or terraform by its path; empty: whichever is on PATH, tofu first, because it is free software.</summary>
    public string Program { get; set; } = "";

    /// <summary>
    /// Of a role that may create databases and roles, where environments get theirs. Empty: ProdSprint's own PostgreSQL, whose private form is made for one machine.
    /// </summary>
    public string Database { get; set; } = "";

    /// <summary>The program that asks for a step, with its first words. Empty: this program's own <c>infrastructure-step</c>.</summary>
    public List<string> Step { get; set; } = [];
}
