using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Runtime;

/// <summary>Makes the grain object: constructor parameters are states, keyed services, the activation itself, or services.</summary>
internal sealed class GrainConstructor(Type type)
{
    private static readonly MethodInfo CreateState = typeof(GrainConstructor).GetMethod(nameof(NewState), BindingFlags.Static | BindingFlags.NonPublic)!;

    private readonly Lazy<Func<Activation, object>> _create = new(() => Compile(type));

    public object Create(Activation activation) => _create.Value(activation);

    private static Func<Activation, object> Compile(Type type)
    {
        var constructor = Choose(type);
        var sources = constructor.GetParameters().Select(SourceOf).ToArray();
        if (sources.Length == 0)
        {
            return _ => Invoke(constructor, []);
        }

        return activation =>
        {
            var arguments = new object?[sources.Length];
            for (var i = 0; i < sources.Length; i++)
            {
                arguments[i] = sources[i](activation);
            }

            return Invoke(constructor, arguments);
        };
    }

    private static object Invoke(ConstructorInfo constructor, object?[] arguments) =>
        constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null);

    private static ConstructorInfo Choose(Type type)
    {
        var all = type.GetConstructors();
        return all.FirstOrDefault(c => c.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)))
            ?? all.MaxBy(c => c.GetParameters().Length)
            ?? throw new InvalidOperationException($"Grain class {type} has no public constructor.");
    }

    private static Func<Activation, object?> SourceOf(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (parameter.GetCustomAttributes().OfType<IPersistentStateConfiguration>().FirstOrDefault() is { } state)
        {
            return StateSource(parameter, state);
        }

        if (type == typeof(IGrainContext))
        {
            return activation => activation;
        }

        if (type == typeof(IServiceProvider))
        {
            return activation => activation.ActivationServices;
        }

        var optional = parameter.HasDefaultValue;
        if (parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed)
        {
            return activation => ((IKeyedServiceProvider)activation.ActivationServices).GetKeyedService(type, keyed.Key)
                ?? Missing(optional, parameter, activation);
        }

        return activation => activation.ActivationServices.GetService(type) ?? Missing(optional, parameter, activation);
    }

    private static Func<Activation, object?> StateSource(ParameterInfo parameter, IPersistentStateConfiguration state)
    {
        if (!parameter.ParameterType.IsGenericType || parameter.ParameterType.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new InvalidOperationException(
                $"{parameter.Member.DeclaringType}: [PersistentState] belongs on a parameter of type IPersistentState<T>, not on {parameter.ParameterType}.");
        }

        var create = CreateState.MakeGenericMethod(parameter.ParameterType.GetGenericArguments())
            .CreateDelegate<Func<IPersistentStateFactory, IGrainContext, IPersistentStateConfiguration, object>>();
        return activation => create(activation.Silo.StateFactory, activation, state);
    }

    private static object NewState<TState>(IPersistentStateFactory factory, IGrainContext context, IPersistentStateConfiguration configuration) =>
        factory.Create<TState>(context, configuration);

    private static object? Missing(bool optional, ParameterInfo parameter, Activation activation) => optional
        ? parameter.DefaultValue
        : throw new InvalidOperationException(
            $"Unable to resolve service for type '{parameter.ParameterType}' while attempting to activate '{activation.Class.Type}'.");
}
