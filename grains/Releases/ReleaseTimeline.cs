using System.Text.Json.Serialization;
using ProdSprint.Kernel;

namespace ProdSprint.Releases;

/// <summary>How a release's events read in the timeline.</summary>
public static class ReleaseTimeline
{
    private static readonly Dictionary<Type, string> Names = typeof(ReleaseEvent)
        .GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false).Cast<JsonDerivedTypeAttribute>()
        .ToDictionary(a => a.DerivedType, a => $"release.{a.TypeDiscriminator}");

    public static string KindOf(ReleaseEvent happened) => Names[happened.GetType()];

    public static TimelineFact Describe(ReleaseEvent happened) => new(KindOf(happened), happened.By, happened.Reason, happened.Text(), happened.Diff());
}
