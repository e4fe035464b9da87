using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans.Concurrency;
using Orleans.Streams;

namespace ProdSprint.Architecture;

/// <summary>
/// What genuine Orleans refuses at build or at start, and what it would only show in production (a renamed type, a shared row), found by reflection
/// over the types of given assemblies. The compiler of the embedded engine refuses none of it.
/// </summary>
public sealed class BoundaryChecker(IReadOnlyCollection<Type> types)
{
    private static readonly HashSet<Type> Plain =
    [
        typeof(string), typeof(decimal), typeof(Guid), typeof(DateTimeOffset), typeof(DateTime), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(Uri),
        typeof(CancellationToken), typeof(void), typeof(Task), typeof(ValueTask), typeof(GrainId), typeof(StreamId), typeof(StreamSequenceToken),
    ];

    private static readonly HashSet<Type> Carriers =
    [
        typeof(Task<>), typeof(ValueTask<>), typeof(Nullable<>), typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableHashSet<>),
        typeof(ImmutableDictionary<,>), typeof(ImmutableSortedDictionary<,>), typeof(ImmutableSortedSet<>), typeof(IReadOnlyList<>), typeof(IReadOnlyCollection<>),
        typeof(IReadOnlyDictionary<,>), typeof(KeyValuePair<,>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>),
    ];

    private readonly SortedSet<string> _problems = new(StringComparer.Ordinal);
    private readonly HashSet<Type> _seen = [];

    /// <summary>One sentence per broken rule, in order.</summary>
    public static IReadOnlyCollection<string> Check(IReadOnlyCollection<Type> types) => new BoundaryChecker(types).Run();

    public static IReadOnlyCollection<Type> GrainInterfacesOf(IEnumerable<Type> types) => [.. types.Where(IsGrainInterface)];

    public static IReadOnlyCollection<Type> GrainClassesOf(IEnumerable<Type> types) => [.. types.Where(t =>
        t is { IsClass: true, IsAbstract: false } && !t.IsDefined(typeof(CompilerGeneratedAttribute)) && typeof(IGrainBase).IsAssignableFrom(t))];

    private IReadOnlyCollection<string> Run()
    {
        foreach (var contract in GrainInterfacesOf(types)) CheckContract(contract);
        // A stream has no interface to read its type from: its consumers say it, and whatever is marked for the wire is held to be on it.
        foreach (var consumer in types.SelectMany(t => t.GetInterfaces()).Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IAsyncObserver<>)))
            Follow(consumer.GenericTypeArguments[0], $"stream of {consumer.GenericTypeArguments[0].Name}");
        foreach (var marked in types.Where(t => t.IsDefined(typeof(GenerateSerializerAttribute), false))) Follow(marked, marked.Name);
        var grains = GrainClassesOf(types);
        foreach (var grain in grains.Where(g => !g.IsDefined(typeof(GrainTypeAttribute), false))) Add($"{grain.Name} has no [GrainType]");
        Once(grains.SelectMany(StatesOf), "state name");
        Once(grains.SelectMany(g => g.GetCustomAttributesData().Where(a => a.AttributeType == typeof(GrainTypeAttribute)).Select(a => (Argument(a), g.Name))), "grain type");
        Once(_seen.Concat(GrainInterfacesOf(types)).SelectMany(t => AliasOf(t) is { } alias ? [(alias, t.Name)] : Array.Empty<(string, string)>()), "alias");
        return _problems;
    }

    private void CheckContract(Type contract)
    {
        if (AliasOf(contract) is null) Add($"{contract.Name} has no [Alias]");
        var methods = contract.GetMethods().Where(m => !m.IsStatic).ToList();
        foreach (var method in methods)
        {
            var place = $"{contract.Name}.{method.Name}";
            if (AliasOf(method) is null) Add($"{place} has no [Alias]");
            foreach (var type in method.GetParameters().Select(p => p.ParameterType).Append(method.ReturnType)) Follow(type, place);
        }
        Once(methods.SelectMany(m => AliasOf(m) is { } alias ? [(alias, m.Name)] : Array.Empty<(string, string)>()), $"alias within {contract.Name}");
    }

    private void Follow(Type type, string place)
    {
        if (type.IsArray || type.IsGenericType && IsMutableCollection(type))
        {
            Add($"{place} carries {type.Name}, which can change on its way: take an immutable collection");
            foreach (var part in type.IsArray ? [type.GetElementType()!] : type.GenericTypeArguments) Follow(part, place);
        }
        else if (type.IsGenericType && Carriers.Contains(type.GetGenericTypeDefinition()))
        {
            foreach (var part in type.GenericTypeArguments) Follow(part, place);
        }
        else if (!type.IsPrimitive && !Plain.Contains(type) && !type.IsGenericParameter && !typeof(Orleans.Runtime.IAddressable).IsAssignableFrom(type))
        {
            CheckCarried(type.IsGenericType ? type.GetGenericTypeDefinition() : type, place);
        }
    }

    private void CheckCarried(Type type, string place)
    {
        if (!_seen.Add(type)) return;
        if (!type.IsDefined(typeof(GenerateSerializerAttribute), false)) Add($"{type.Name} has no [GenerateSerializer] (carried by {place})");
        if (AliasOf(type) is null) Add($"{type.Name} has no [Alias]");
        if (type.IsEnum) return;
        if (!type.IsDefined(typeof(ImmutableAttribute), false)) Add($"{type.Name} has no [Immutable]");
        var ids = new List<(string, string)>();
        const BindingFlags own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        // Only what is stored counts: a computed property crosses nothing.
        foreach (var field in type.GetFields(own).Where(f => !f.IsDefined(typeof(NonSerializedAttribute))))
        {
            var name = field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>')] : field.Name;
            MemberInfo member = field.Name.StartsWith('<') && type.GetProperty(name, own) is { } property ? property : field;
            if (member.GetCustomAttributesData().FirstOrDefault(a => a.AttributeType == typeof(IdAttribute)) is { } id) ids.Add((Argument(id), name));
            else Add($"{type.Name}.{name} has no [Id]");
            if (member is PropertyInfo { SetMethod: { IsPublic: true } set } && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)))
                Add($"{type.Name}.{name} can be set after it was sent");
            else if (member is FieldInfo { IsInitOnly: false }) Add($"{type.Name}.{name} can be set after it was sent");
            Follow(field.FieldType, $"{type.Name}.{name}");
        }
        Once(ids, $"id within {type.Name}");
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Exception)) Follow(parent, type.Name);
        // What another assembly derives from a contract is made and taken inside of a grain (a machine's timer and job inputs): the contract's callers cannot name it.
        foreach (var child in types.Where(t => t.BaseType == type && t.Assembly == type.Assembly)) Follow(child, $"{type.Name}, its base");
    }

    private void Once(IEnumerable<(string Name, string Owner)> named, string what)
    {
        foreach (var group in named.Distinct().GroupBy(n => n.Name).Where(g => g.Count() > 1))
            Add($"{what} {group.Key} is used twice: {string.Join(", ", group.Select(n => n.Owner).Order(StringComparer.Ordinal))}");
    }

    /// <summary>Rows are found by the state's name and the key, not by the class: <c>Grain&lt;T&gt;</c> calls its own "state".</summary>
    private static IEnumerable<(string, string)> StatesOf(Type grain)
    {
        foreach (var parameter in grain.GetConstructors().SelectMany(c => c.GetParameters()))
            foreach (var state in parameter.GetCustomAttributesData().Where(a => a.AttributeType == typeof(PersistentStateAttribute)))
                yield return (Argument(state), $"{grain.Name}.{parameter.Name}");
        for (var parent = grain.BaseType; parent is not null; parent = parent.BaseType)
            if (parent.IsGenericType && parent.GetGenericTypeDefinition() == typeof(Grain<>)) yield return ("state", grain.Name);
    }

    private static bool IsGrainInterface(Type type) => type.IsInterface && typeof(Orleans.Runtime.IAddressable).IsAssignableFrom(type);

    private static bool IsMutableCollection(Type type) => type.Namespace == "System.Collections.Generic" && !Carriers.Contains(type.GetGenericTypeDefinition());

    private static string? AliasOf(MemberInfo member) =>
        member.GetCustomAttributesData().FirstOrDefault(a => a.AttributeType == typeof(AliasAttribute)) is { } alias ? Argument(alias) : null;

    private static string Argument(CustomAttributeData attribute) => Convert.ToString(attribute.ConstructorArguments[0].Value, null)!;

    private void Add(string problem) => _problems.Add(problem);
}
