using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Runtime;

namespace Orleans.Calls;

/// <summary>
/// Copies what crosses a grain boundary, so that nobody can rely on sharing an object with a grain: on a cluster there is nothing to share.
/// Whether a type needs copying at all is decided once.
/// </summary>
internal static class DeepCopy
{
    private static readonly ConcurrentDictionary<Type, bool> Immutables = new();

    private static readonly HashSet<Type> Known =
    [
        typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
        typeof(Guid), typeof(Uri), typeof(Version), typeof(CancellationToken), typeof(object), typeof(Half), typeof(Int128), typeof(UInt128),
        typeof(System.Text.Rune), typeof(System.Net.IPAddress), typeof(System.Net.IPEndPoint), typeof(System.Globalization.CultureInfo),
        typeof(System.Numerics.BigInteger), typeof(VoidResult), typeof(System.Text.Json.JsonElement),
    ];

    public static bool Needed(ParameterInfo parameter) =>
        !parameter.IsDefined(typeof(ImmutableAttribute)) && !IsImmutable(parameter.ParameterType);

    /// <summary>Whether sharing values of this static type is safe whatever their run-time type is.</summary>
    public static bool IsImmutable(Type type) => Immutables.GetOrAdd(type, static t => Decide(t, []));

    private static bool Decide(Type type, HashSet<Type> visiting)
    {
        if (type.IsPrimitive || type.IsEnum || (Known.Contains(type) && type != typeof(object)) || typeof(Type).IsAssignableFrom(type))
        {
            return true;
        }

        if (type.IsDefined(typeof(ImmutableAttribute), false) || typeof(Exception).IsAssignableFrom(type) || typeof(GrainReference).IsAssignableFrom(type))
        {
            return true;
        }

        if (!type.IsGenericType || !visiting.Add(type))
        {
            return false;
        }

        var definition = type.GetGenericTypeDefinition();
        return definition == typeof(Concurrency.Immutable<>)
            || (IsTransparent(definition) && type.GetGenericArguments().All(a => Decide(a, visiting)));
    }

    /// <summary>Generic types that are as immutable as their arguments.</summary>
    private static bool IsTransparent(Type definition) =>
        definition == typeof(Nullable<>) || definition == typeof(KeyValuePair<,>)
        || definition.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal)
        || definition.FullName.StartsWith("System.Tuple`", StringComparison.Ordinal)
        || definition.Namespace is "System.Collections.Immutable" or "System.Collections.Frozen";
}

/// <summary>The copier of one static type.</summary>
internal static class DeepCopy<T>
{
    private static readonly bool Shared = DeepCopy.IsImmutable(typeof(T));

    public static T Copy(T value) => Shared || value is null ? value : (T)ObjectCopier.Copy(value, typeof(T), []);
}
