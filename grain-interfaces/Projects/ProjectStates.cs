namespace ProdSprint.Projects;

/// <summary>What a list says of a project, and may be asked for.</summary>
public static class ProjectStates
{
    public const string Importing = "importing", ImportFailed = "import-failed", Imported = "imported", WaitingForPlan = "waiting-for-plan", Releasing = "releasing", Live = "live";
}
