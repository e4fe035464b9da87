using ProdSprint.Kernel;
using ProdSprint.Releases;

namespace ProdSprint.Projects;

/// <summary>
/// Told by a release that has ended without a promotion and is wanted again. The project answers with <see cref="AllowAttempt"/> when nothing is in
/// flight and no newer release owns production's routes, else with <see cref="RefuseAttempt"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("projects.AttemptWanted")]
public sealed record AttemptWanted([property: Id(0)] ReleaseSpec Spec, Actor By, string? Reason) : ProjectCommand(By, Reason);

/// <summary>
/// Told by the release whose version is in production: its process died, or answers again. The project passes it on to the newest release, which owns
/// the routes and must know whether there is a way back.
/// </summary>
/// <param name="Release">Whose process it is.</param>
/// <param name="Address">Null when it died.</param>
[GenerateSerializer, Immutable, Alias("projects.StableProcessChanged")]
public sealed record StableProcessChanged(
    [property: Id(0)] int Release, [property: Id(1)] string? Address, [property: Id(2)] string Detail, Actor By, string? Reason) : ProjectCommand(By, Reason);
