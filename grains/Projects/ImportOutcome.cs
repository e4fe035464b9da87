using ProdSprint.Kernel;

namespace ProdSprint.Projects;

/// <summary>How the import job ended; never sent across grains, so it is no part of the contract.</summary>
public sealed record ImportOutcome(ImportResult? Result, string? Problem) : ProjectCommand(Actor.System("importer"), null);
