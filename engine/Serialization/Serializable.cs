using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Serialization;

/// <summary>Whether a type may cross a grain boundary, by the rules of genuine Orleans.</summary>
internal static class Serializable
{
    private static readonly ConcurrentDictionary<Type, string?> Known = new();

    /// <summary>Null: it may. Otherwise what is wrong with it.</summary>
    public static string? FindProblem(Type type) => Known.GetOrAdd(type, static t => Decide(t));

    private static string? Decide(Type type)
    {
        if (type.HasElementType)
        {
            return FindProblem(type.GetElementType()!);
        }

        if (type.IsGenericParameter || type.IsEnum || type.IsPrimitive || typeof(IAddressable).IsAssignableFrom(type) || IsBuiltIn(type))
        {
            return type.IsGenericType && !typeof(IAddressable).IsAssignableFrom(type)
                ? type.GetGenericArguments().Select(FindProblem).FirstOrDefault(p => p is not null)
                : null;
        }

        if (type.IsDefined(typeof(GenerateSerializerAttribute), false))
        {
            return type.IsGenericType ? type.GetGenericArguments().Select(FindProblem).FirstOrDefault(p => p is not null) : null;
        }

        // An interface or abstract type is as good as what is behind it at run time.
        return type.IsInterface || type.IsAbstract || typeof(Exception).IsAssignableFrom(type) ? null : $"{type.FullName} has no [GenerateSerializer]";
    }

    private static bool IsBuiltIn(Type type) =>
        type.Assembly == typeof(object).Assembly || type.Assembly == typeof(Serializable).Assembly
        || type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true;
}
