using System.Reflection;

namespace Orleans.Runtime;

/// <summary>
/// Finds grain classes and interfaces in every assembly that references the engine, also in those that nothing has loaded yet:
/// genuine Orleans finds them through what its generator wrote into each assembly.
/// </summary>
internal static class ApplicationTypes
{
    private static readonly Lazy<Type[]> All = new(Scan);

    public static IEnumerable<Type> GrainClasses => All.Value.Where(IsGrainClass);

    public static IEnumerable<Type> GrainInterfaces => All.Value.Where(t => t.IsInterface && IsContract(t));

    public static bool IsContract(Type type) =>
        typeof(IAddressable).IsAssignableFrom(type) && type.Assembly != typeof(ApplicationTypes).Assembly;

    private static bool IsGrainClass(Type type) =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && !typeof(GrainReference).IsAssignableFrom(type)
        && typeof(IGrain).IsAssignableFrom(type);

    private static Type[] Scan()
    {
        var engine = typeof(ApplicationTypes).Assembly;
        var found = new Dictionary<string, Assembly>();
        var queue = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies().Where(a => !a.IsDynamic));
        while (queue.TryDequeue(out var assembly))
        {
            if (!found.TryAdd(assembly.FullName!, assembly) || IsFramework(assembly.GetName()))
            {
                continue;
            }

            foreach (var reference in assembly.GetReferencedAssemblies().Where(r => !IsFramework(r) && !found.ContainsKey(r.FullName)))
            {
                if (TryLoad(reference) is { } loaded)
                {
                    queue.Enqueue(loaded);
                }
            }
        }

        var name = engine.GetName().Name;
        return [.. found.Values
            .Where(a => a == engine || a.GetReferencedAssemblies().Any(r => r.Name == name))
            .SelectMany(TypesOf)];
    }

    private static bool IsFramework(AssemblyName name) =>
        name.Name is null || name.Name.StartsWith("System.", StringComparison.Ordinal) || name.Name.StartsWith("Microsoft.", StringComparison.Ordinal)
        || name.Name is "System" or "mscorlib" or "netstandard";

    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception exception) when (exception is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return null; // an optional dependency that is not deployed cannot hold grains
        }
    }

    private static Type[] TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException partial)
        {
            return [.. partial.Types.OfType<Type>()];
        }
    }
}
