namespace ProdSprint.Projects;

/// <summary>What a file written for another platform says about building and starting the program beside it.</summary>
public sealed record PlatformFile(string Path, string? Install, string? Build, string? Start);
