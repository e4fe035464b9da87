using ProdSprint.Kernel;
using ProdSprint.Releases;

namespace ProdSprint.Projects;

/// <summary>
/// Told by a release that has ended without a promotion and is wanted again. The project answers with <see cref="AllowAttempt"/> when nothing is in
/// flight and no newer release owns production's routes, else with <see cref="RefuseAttempt"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("projects.AttemptWanted")]
public sealed record AttemptWanted([property: Id(0)] ReleaseSpec Spec, Actor By, string? Reason) : ProjectCommand(By, Reason);
