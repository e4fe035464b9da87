using System.Collections.Immutable;

namespace ProdSprint.Plans;

/// <summary>Which licences what is shipped may have, by SPDX id. What is needed for development only is not shipped and not judged, and what says no licence is not known to be denied.</summary>
/// <param name="Allow">When not empty: these and no others.</param>
/// <param name="Deny">Never these.</param>
[GenerateSerializer, Immutable, Alias("plans.LicencePolicy")]
public sealed record LicencePolicy([property: Id(0)] ImmutableArray<string> Allow, [property: Id(1)] ImmutableArray<string> Deny);
