namespace ProdSprint.Projects;

/// <summary>COBOL: one program for GnuCOBOL, index.cbl before others, in the root or in src; Nixpacks' rule.</summary>
public sealed class CobolDetector : IServiceDetector
{
    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        var programs = context.Files.In(".").Concat(context.Files.In("src")).Select(f => f.Path).Where(p => TreePaths.ExtensionOf(p) is ".cbl" or ".cob").ToList();
        if ((programs.FirstOrDefault(p => Stem(p) == "index") ?? programs.FirstOrDefault()) is not { } program) yield break;
        var draft = new ServiceDraft("cobol", ".", program) { DefaultPort = 8080 };
        draft.Build = draft.Command($"cobc -x -o {ShellWord.Quote(Stem(program))} {ShellWord.Quote(program)}", program);
        draft.Start = draft.Command($"./{ShellWord.Quote(Stem(program))}", program);
        yield return draft;
    }

    private static string Stem(string path) => Path.GetFileNameWithoutExtension(TreePaths.NameOf(path));
}
