using System.Reflection;
using Orleans.Concurrency;
using Orleans.Serialization.Invocation;

namespace Orleans.Runtime;

/// <summary>What is known about a grain class before any grain of it exists.</summary>
internal sealed class GrainClass
{
    private long _activations;

    public GrainClass(Type type, IServiceProvider services)
    {
        Type = type;
        HasExplicitName = type.IsDefined(typeof(GrainTypeAttribute), false);
        GrainType = type.GetCustomAttribute<GrainTypeAttribute>()?.GetGrainType(services, type) ?? GrainType.Create(DefaultName(type));
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute), true);
        MayInterleave = InterleavePredicate.For(type);
        Worker = type.GetCustomAttribute<StatelessWorkerAttribute>();
        KeepAlive = type.IsDefined(typeof(KeepAliveAttribute), true);
        AgeLimit = type.GetCustomAttribute<CollectionAgeLimitAttribute>()?.AgeLimit;
        HasOwnFilter = typeof(IIncomingGrainCallFilter).IsAssignableFrom(type);
        Interfaces = [.. type.GetInterfaces().Where(i => typeof(IAddressable).IsAssignableFrom(i))];
        ImplicitSubscriptions = [.. type.GetCustomAttributes<ImplicitStreamSubscriptionAttribute>(true)];
        Constructor = new GrainConstructor(type);
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    public bool HasExplicitName { get; }

    public bool IsReentrant { get; }

    public Func<object, IInvokable, bool>? MayInterleave { get; }

    public StatelessWorkerAttribute? Worker { get; }

    public bool KeepAlive { get; }

    public TimeSpan? AgeLimit { get; }

    public bool HasOwnFilter { get; }

    public Type[] Interfaces { get; }

    public ImplicitStreamSubscriptionAttribute[] ImplicitSubscriptions { get; }

    public GrainConstructor Constructor { get; }

    public int ActivationCount => (int)Interlocked.Read(ref _activations);

    public void Count(int difference) => Interlocked.Add(ref _activations, difference);

    /// <summary>As Orleans names a class that says nothing: lower case, without "Grain" at its end.</summary>
    private static string DefaultName(Type type)
    {
        var name = type.Name.ToLowerInvariant();
        var tick = name.IndexOf('`', StringComparison.Ordinal);
        name = tick < 0 ? name : name[..tick];
        return name.Length > 5 && name.EndsWith("grain", StringComparison.Ordinal) ? name[..^5] : name;
    }
}

internal static class InterleavePredicate
{
    public static Func<object, IInvokable, bool>? For(Type type)
    {
        if (type.GetCustomAttribute<MayInterleaveAttribute>() is not { } attribute)
        {
            return null;
        }

        var method = type.GetMethod(attribute.CallbackMethodName, BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.FlattenHierarchy);
        if (method is null || method.ReturnType != typeof(bool) || method.GetParameters() is not [{ ParameterType: var parameter }] || parameter != typeof(IInvokable))
        {
            throw new InvalidOperationException(
                $"Class {type} names {attribute.CallbackMethodName} in [MayInterleave], but has no such method 'bool {attribute.CallbackMethodName}(IInvokable request)'.");
        }

        if (method.IsStatic)
        {
            var predicate = method.CreateDelegate<Func<IInvokable, bool>>();
            return (_, request) => predicate(request);
        }

        return (instance, request) => (bool)method.Invoke(instance, [request])!;
    }
}
