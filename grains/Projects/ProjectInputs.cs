using ProdSprint.Kernel;

namespace ProdSprint.Projects;

/// <summary>A boundary of a freeze window has come.</summary>
internal sealed record ProjectTick() : ProjectCommand(Actor.System("timer"), null);

/// <summary>How the import job ended; never sent across grains, so it is no part of the contract.</summary>
internal sealed record ImportOutcome(ImportResult? Result, string? Problem) : ProjectCommand(Actor.System("importer"), null);
