using System.Text;
using ProdSprint.Tenants;

namespace ProdSprint.Identity;

/// <summary>The table of permissions as a page: <c>docs/permissions.md</c> is a copy of it, and a test sees that it stays one.</summary>
public static class PermissionsDocument
{
    public static string Text()
    {
        Role[] roles = Enum.GetValues<Role>();
        var page = new StringBuilder("""
            # Who may do what

            Made from `web/Identity/Permissions.cs`, the one table. Roles add up; a workspace without members is open, and its first member is its first Admin.


            """);
        page.AppendLine($"| permission | {string.Join(" | ", roles)} | actions of the API |");
        page.AppendLine($"|---|{string.Concat(roles.Select(_ => "---|"))}---|");
        foreach (var p in Permissions.All)
            page.AppendLine($"| **{p.Name}**{(p.StepUp ? " 🔒" : "")}{(p.People ? " 👤" : "")}<br>{p.Meaning} | {string.Join(" | ", roles.Select(r => Permissions.Grants([r], p) ? "✓" : ""))} | {string.Join(", ", p.Actions)} |");
        page.AppendLine("\n🔒: a session has to have proved lately who it is (step-up). 👤: for people, no token has it; nor has one what is about oneself.");
        page.AppendLine($"\nWithout a membership, about oneself: {string.Join(", ", Permissions.All.Where(p => p.Own).Select(p => p.Name))}; and {string.Join(", ", Permissions.Open)}. Without being signed in: {string.Join(", ", Permissions.Anonymous)}.");
        return page.ToString();
    }
}
