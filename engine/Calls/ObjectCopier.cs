using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans.Runtime;

namespace Orleans.Calls;

/// <summary>Copies an object graph, references and cycles included. Immutable parts are shared.</summary>
internal static class ObjectCopier
{
    private static readonly MethodInfo Clone = typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!;
    private static readonly Func<object, object> ShallowCopy = Clone.CreateDelegate<Func<object, object>>();
    private static readonly ConcurrentDictionary<Type, FieldInfo[]> CopiedFields = new();

    public static object Copy(object value, Type declared, Dictionary<object, object> seen)
    {
        var type = value.GetType();
        if (DeepCopy.IsImmutable(type))
        {
            return value;
        }

        if (value is IGrainBase and IAddressable grain && declared.IsInterface)
        {
            // A grain that passes itself passes its address.
            return grain.AsReference(declared);
        }

        if (!type.IsValueType)
        {
            ref var known = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrNullRef(seen, value);
            if (!Unsafe.IsNullRef(ref known))
            {
                return known;
            }
        }

        return value switch
        {
            Delegate => throw new Serialization.CodecNotFoundException($"A delegate ({type}) cannot cross a grain boundary."),
            Array array => CopyArray(array, seen),
            IDictionary or IEnumerable when IsHashed(type) => CopyHashed(value, type, seen),
            _ => CopyFields(value, type, seen),
        };
    }

    private static Array CopyArray(Array source, Dictionary<object, object> seen)
    {
        var copy = (Array)source.Clone();
        seen[source] = copy;
        var element = source.GetType().GetElementType()!;
        if (DeepCopy.IsImmutable(element))
        {
            return copy;
        }

        if (source.Rank != 1)
        {
            throw new Serialization.CodecNotFoundException($"{source.GetType()}: arrays of several dimensions cannot cross a grain boundary.");
        }

        for (var i = 0; i < copy.Length; i++)
        {
            if (source.GetValue(i) is { } item)
            {
                copy.SetValue(Copy(item, element, seen), i);
            }
        }

        return copy;
    }

    /// <summary>Where an element sits depends on its hash, and a copied element may hash otherwise: such collections are filled anew.</summary>
    private static bool IsHashed(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() is var d
        && (d == typeof(Dictionary<,>) || d == typeof(HashSet<>) || d == typeof(ConcurrentDictionary<,>));

    private static object CopyHashed(object source, Type type, Dictionary<object, object> seen)
    {
        var comparer = type.GetProperty("Comparer")!.GetValue(source);
        var copy = Activator.CreateInstance(type, comparer)!;
        seen[source] = copy;
        var arguments = type.GetGenericArguments();
        if (source is IDictionary dictionary)
        {
            foreach (DictionaryEntry entry in dictionary)
            {
                ((IDictionary)copy).Add(
                    Copy(entry.Key, arguments[0], seen), entry.Value is { } value ? Copy(value, arguments[1], seen) : null);
            }

            return copy;
        }

        var add = type.GetMethod("Add")!;
        foreach (var item in (IEnumerable)source)
        {
            add.Invoke(copy, [item is null ? null : Copy(item, arguments[0], seen)]);
        }

        return copy;
    }

    private static object CopyFields(object source, Type type, Dictionary<object, object> seen)
    {
        var copy = ShallowCopy(source);
        if (!type.IsValueType)
        {
            seen[source] = copy;
        }

        foreach (var field in CopiedFields.GetOrAdd(type, FieldsOf))
        {
            if (field.GetValue(source) is { } value)
            {
                field.SetValue(copy, Copy(value, field.FieldType, seen));
            }
        }

        return copy;
    }

    private static FieldInfo[] FieldsOf(Type type)
    {
        var fields = new List<FieldInfo>();
        for (var t = type; t is not null && t != typeof(object); t = t.BaseType)
        {
            fields.AddRange(t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                .Where(f => !DeepCopy.IsImmutable(f.FieldType) && !typeof(IEqualityComparer).IsAssignableFrom(f.FieldType)));
        }

        return [.. fields];
    }
}
