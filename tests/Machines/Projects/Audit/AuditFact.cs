using ProdSprint.Projects;

namespace ProdSprint.Tests.Projects;

/// <summary>A smallest tree of one kind, and what the audit must say of its only (or named) service. What is null is not looked at; "" must be absent.</summary>
public sealed record AuditFact(string Name, string Language, string? Manager = null, string? Framework = null, string? Version = null, string? Install = null, string? Build = null, string? Start = null, string? Output = null, int? Port = null, string? Path = null, string? Test = null)
{
    public (string Path, string Text)[] Tree { get; init; } = [];

    public AuditFact Of(params (string, string)[] tree) => this with { Tree = tree };

    public void Check()
    {
        var report = Auditor.Run(MemoryTree.Of(Tree));
        var service = Path is null ? report.Services.ShouldHaveSingleItem() : report.Services.Single(s => s.Path == Path);
        service.Language.ShouldBe(Language);
        Same(service.PackageManager?.Value, Manager);
        Same(service.Framework, Framework);
        Same(service.LanguageVersion?.Value, Version);
        Same(service.InstallCommand?.Line, Install);
        Same(service.BuildCommand?.Line, Build);
        Same(service.StartCommand?.Line, Start);
        Same(service.OutputDirectory, Output);
        Same(service.Tests?.Command?.Line, Test);
        if (Port is not null) service.Port?.Number.ShouldBe(Port.Value);
        if (Start is { Length: > 0 }) report.Gaps.ShouldNotContain(g => g.Severity == GapSeverity.Blocking);
    }

    public override string ToString() => Name;

    private static void Same(string? found, string? wanted)
    {
        if (wanted is not null) (found ?? "").ShouldBe(wanted);
    }
}
