using System.Reflection;
using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace Orleans.Calls;

/// <summary>What is known about a method of a grain interface before anybody calls it.</summary>
internal sealed class MethodMeta
{
    public MethodMeta(InterfaceMeta owner, MethodInfo method)
    {
        Interface = owner;
        Method = method;
        Name = method.Name;
        ActivityName = $"{owner.Name}/{method.Name}";
        Timeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
        Parameters = method.GetParameters();
        TokenIndex = Array.FindIndex(Parameters, p => p.ParameterType == typeof(CancellationToken));
        Flags = (Has<OneWayAttribute>(method) || method.ReturnType == typeof(void) ? InvokeMethodOptions.OneWay : 0)
            | (Has<ReadOnlyAttribute>(method) ? InvokeMethodOptions.ReadOnly : 0)
            | (Has<AlwaysInterleaveAttribute>(method) ? InvokeMethodOptions.AlwaysInterleave : 0);
    }

    public InterfaceMeta Interface { get; }

    public MethodInfo Method { get; }

    public ParameterInfo[] Parameters { get; }

    public string Name { get; }

    public string ActivityName { get; }

    public TimeSpan? Timeout { get; }

    public InvokeMethodOptions Flags { get; }

    /// <summary>Which argument is the cancellation token; -1: none.</summary>
    public int TokenIndex { get; }

    private static bool Has<T>(MethodInfo method) where T : Attribute => method.IsDefined(typeof(T), true);
}

internal sealed class InterfaceMeta
{
    public InterfaceMeta(Type type)
    {
        Type = type;
        Name = type.GetCustomAttribute<Runtime.GrainInterfaceTypeAttribute>()?.TypeName ?? type.GetCustomAttribute<AliasAttribute>()?.Alias ?? type.FullName ?? type.Name;
        InterfaceType = Runtime.GrainInterfaceType.Create(Name);
        Methods = [.. type.GetInterfaces().Append(type).SelectMany(i => i.GetMethods()).Where(IsCall).Select(m => new MethodMeta(this, m))];
    }

    public Type Type { get; }

    public string Name { get; }

    public Runtime.GrainInterfaceType InterfaceType { get; }

    public MethodMeta[] Methods { get; }

    public static bool IsTaskLike(Type type) =>
        type == typeof(Task) || type == typeof(ValueTask) || type == typeof(void)
        || (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>)));

    private static bool IsCall(MethodInfo method)
    {
        if (method.IsStatic || !method.IsVirtual)
        {
            return false;
        }

        if (IsTaskLike(method.ReturnType) && !method.IsGenericMethodDefinition)
        {
            return true;
        }

        // A default method that returns something else runs on the reference; an abstract one cannot work across a boundary.
        return !method.IsAbstract ? false : throw new NotSupportedException(
            $"{method.DeclaringType}.{method.Name}: a method of a grain interface returns Task, Task<T>, ValueTask, ValueTask<T> or void and is not generic.");
    }
}
