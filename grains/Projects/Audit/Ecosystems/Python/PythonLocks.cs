namespace ProdSprint.Projects;

/// <summary>Whether a Python project's next build takes the same versions: what its manager installs from decides, not what else lies there.</summary>
public static class PythonLocks
{
    public static LockFiles.Unlocked? Of(PythonProject project, AuditContext context)
    {
        var (files, folder) = (context.Files, project.Directory);
        bool Has(string name) => files.Has(folder, name) || files.HasFile(name);
        switch (project.Manager?.Value)
        {
            case "pip" when files.Has(folder, "requirements.txt"):
                var path = TreePaths.Join(folder, "requirements.txt");
                var open = project.Required.Where(r => !r.Fixed).Select(r => r.Name.Length > 0 ? r.Name : "what it includes").ToList();
                return open.Count == 0 ? null : LockFiles.Open(path, open, $"Pin every line with ==, e.g. with \"pip-compile --generate-hashes\", and commit {path}");
            case "pip":
                var asked = (project.PyProject?.Table("project")?.Texts("dependencies") ?? []).Select(d => Requirements.One(d, project.Manager.Source)).ToList();
                return asked.All(r => r.Fixed) ? null : LockFiles.Without(project.Manager.Source, "uv.lock", "uv lock");
            case "pipenv":
                return Has("Pipfile.lock") ? null : LockFiles.Without(project.Manager.Source, "Pipfile.lock", "pipenv lock");
            case "uv" or "poetry" or "pdm":
                var manager = project.Manager.Value;
                return Has(manager + ".lock") ? null : LockFiles.Without(project.Manifest, manager + ".lock", manager + " lock");
            default: return null;
        }
    }
}
