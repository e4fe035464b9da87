namespace ProdSprint.Tenants;

/// <summary>What someone is in a workspace. What each may do stands in one place: <c>web/Identity/Permissions.cs</c>. Several add up.</summary>
[GenerateSerializer, Alias("tenants.Role")]
public enum Role
{
    /// <summary>Sees.</summary>
    Viewer = 0,

    /// <summary>Imports, plans, releases, and stops what runs.</summary>
    Planner = 1,

    /// <summary>Decides what waits for a person: approvals and waivers.</summary>
    Reviewer = 2,

    /// <summary>Decides about reports and appeals.</summary>
    Moderator = 3,

    /// <summary>Keeps the platform running: jobs, router, stopping releases.</summary>
    Operator = 4,

    /// <summary>Everything, and who else may what.</summary>
    Admin = 5,
}
