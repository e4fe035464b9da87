using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace ProdSprint.Infrastructure;

/// <summary>
/// Terraform for one environment on the target <c>local</c>, with nothing but the provider that is built in. The same environment, the same bytes. The resources say what there is
/// to be; what makes it so is a step of ProdSprint's own, asked over loopback, so that no credential comes near Terraform, its state, its plan or its log.
/// </summary>
public static class LocalConfiguration
{
    /// <summary>PostgreSQL cuts longer names off.</summary>
    private const int LongestName = 63;

    public const string Directory = "directory", Secret = "secret", Role = "role", Database = "database", Access = "access";

    public static readonly ImmutableArray<string> Directories = ["data", "secrets"];

    /// <summary>The one secret: the password of the environment's role.</summary>
    public const string DatabasePassword = "database-password";

    /// <summary>Of the database and of its role: readable, and no other environment's whatever people call their projects.</summary>
    public static string DatabaseName(string workspace, string project, string environment)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{workspace}/{project}/{environment}")))[..10];
        var readable = string.Concat($"{project}_{environment}".ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return $"ps_{readable[..Math.Min(readable.Length, LongestName - 14)]}_{hash}";
    }

    public static ImmutableSortedDictionary<string, string> Files(string workspace, string project, string environment)
    {
        var name = DatabaseName(workspace, project, environment);
        var text = new StringBuilder();
        text.Append(
            $$"""
            # What {{environment}} of {{project}} stands on. Written by ProdSprint; the same environment gives the same bytes.
            terraform {
              required_version = ">= 1.6"

              # Kept by ProdSprint in PostgreSQL: address and one-run credentials come with each run.
              backend "http" {}
            }


            """.ReplaceLineEndings("\n"));
        text.Append(Resource(Directory, "the environment's own, for nobody else to read", [("name", "each.key"), ("mode", "\"0700\"")], "name", null, forEach: Directories));
        text.Append(Resource(Secret, "made once, kept in a file that only the server reads; its value is never here", [("name", $"\"{DatabasePassword}\""), ("mode", "\"0600\"")], "name", Directory));
        text.Append(Resource(Role, "may sign in with that secret, and nothing else", [("name", $"\"{name}\""), ("secret", $"terraform_data.{Secret}.input.name")], "name", Secret));
        text.Append(Resource(Database, "empty when it is made; removed only by a plan that says so", [("name", $"\"{name}\""), ("encoding", "\"UTF8\"")], "name", Role));
        text.Append(Resource(Access, "the role owns the database, and nobody else may connect to it", [("database", $"terraform_data.{Database}.input.name"), ("owner", $"terraform_data.{Role}.input.name")], "database", Database));
        return ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("main.tf", text.ToString().TrimEnd('\n') + "\n");
    }

    private static string Resource(string kind, string comment, (string Name, string Value)[] input, string key, string? after, ImmutableArray<string> forEach = default)
    {
        var width = input.Max(i => i.Name.Length);
        var text = new StringBuilder($"# A {kind}: {comment}.\nresource \"terraform_data\" \"{kind}\" {{\n");
        if (!forEach.IsDefault) text.Append($"  for_each = toset([{string.Join(", ", forEach.Select(f => $"\"{f}\""))}])\n\n");
        text.Append("  input = {\n");
        foreach (var (name, value) in input) text.Append($"    {name.PadRight(width)} = {value}\n");
        text.Append("  }\n");
        if (after is not null) text.Append($"\n  depends_on = [terraform_data.{after}]\n");
        text.Append(Provisioner("ensure", kind, key, null)).Append(Provisioner("remove", kind, key, "destroy"));
        return text.Append("}\n\n").ToString();
    }

    private static string Provisioner(string verb, string kind, string key, string? when)
    {
        var text = new StringBuilder("\n  provisioner \"local-exec\" {\n");
        if (when is not null) text.Append($"    when    = {when}\n");
        return text.Append($"    command = \"\\\"$PRODSPRINT_STEP\\\" {verb} {kind} '${{self.input.{key}}}'\"\n  }}\n").ToString();
    }
}
