using ProdSprint.Kernel;

namespace ProdSprint.Projects;

/// <summary>What an environment stands on is planned; who may approve it is as the project's policy says.</summary>
/// <param name="Destroy">A plan that takes all of it away.</param>
[GenerateSerializer, Immutable, Alias("projects.RequestInfrastructurePlan")]
public sealed record RequestInfrastructurePlan([property: Id(0)] string Environment, [property: Id(1)] bool Destroy, Actor By, string? Reason) : ProjectCommand(By, Reason);

/// <summary>Told by the infrastructure after every look. Production's holds a running release until it is put right or accepted.</summary>
/// <param name="Detail">Null: it is as it was applied, or somebody answers for what is not.</param>
/// <param name="Stands">There is something, which gives its services a database.</param>
[GenerateSerializer, Immutable, Alias("projects.InfrastructureDrifted")]
public sealed record InfrastructureDrifted([property: Id(0)] string Environment, [property: Id(1)] string? Detail, [property: Id(2)] bool Stands, Actor By, string? Reason) : ProjectCommand(By, Reason);
