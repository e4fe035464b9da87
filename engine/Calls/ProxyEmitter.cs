using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using Orleans.Runtime;

namespace Orleans.Calls;

internal delegate GrainReference ReferenceConstructor(ReferenceShared shared, GrainId id);

/// <summary>Generates, once per grain interface, the reference class that implements it. Nothing is reflected on at the time of a call.</summary>
internal static class ProxyEmitter
{
    private static readonly ConcurrentDictionary<Type, Lazy<ReferenceConstructor>> Built = new();

    public static ReferenceConstructor For(InterfaceMeta meta) =>
        Built.GetOrAdd(meta.Type, static (_, m) => new Lazy<ReferenceConstructor>(() => Build(m)), meta).Value;

    private static ReferenceConstructor Build(InterfaceMeta meta)
    {
        lock (DynamicCode.Gate)
        {
            DynamicCode.AllowAccessTo(meta.Type);
            var type = DynamicCode.Define($"{meta.Type.Name}Reference", typeof(GrainReference));
            type.AddInterfaceImplementation(meta.Type);
            var constructor = EmitConstructor(type);
            foreach (var method in meta.Methods)
            {
                EmitMethod(type, method);
            }

            var built = type.CreateType();
            return EmitFactory(built.GetConstructor(BindingFlags.Instance | BindingFlags.Public, [.. constructor])!);
        }
    }

    private static Type[] EmitConstructor(TypeBuilder type)
    {
        Type[] parameters = [typeof(ReferenceShared), typeof(GrainId)];
        var il = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, parameters).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, typeof(GrainReference).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, parameters)!);
        il.Emit(OpCodes.Ret);
        return parameters;
    }

    private static ReferenceConstructor EmitFactory(ConstructorInfo constructor)
    {
        var factory = new DynamicMethod("NewReference", typeof(GrainReference), [typeof(ReferenceShared), typeof(GrainId)], typeof(ProxyEmitter).Module, true);
        var il = factory.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Newobj, constructor);
        il.Emit(OpCodes.Ret);
        return factory.CreateDelegate<ReferenceConstructor>();
    }

    private static void EmitMethod(TypeBuilder type, MethodMeta meta)
    {
        foreach (var parameter in meta.Parameters)
        {
            DynamicCode.AllowAccessTo(parameter.ParameterType);
        }

        DynamicCode.AllowAccessTo(meta.Method.ReturnType);
        var call = CallEmitter.Build(meta);
        var method = type.DefineMethod(
            $"{meta.Method.DeclaringType!.FullName}.{meta.Name}",
            MethodAttributes.Private | MethodAttributes.Final | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.NewSlot,
            meta.Method.ReturnType,
            [.. meta.Parameters.Select(p => p.ParameterType)]);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Newobj, call.Type.GetConstructor(Type.EmptyTypes)!);
        for (var i = 0; i < meta.Parameters.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldarg, (short)(i + 1));
            if (DeepCopy.Needed(meta.Parameters[i]))
            {
                il.Emit(OpCodes.Call, typeof(DeepCopy<>).MakeGenericType(meta.Parameters[i].ParameterType).GetMethod(nameof(DeepCopy<object>.Copy))!);
            }

            il.Emit(OpCodes.Stfld, call.Arguments[i]);
        }

        il.Emit(OpCodes.Call, call.Send);
        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(method, meta.Method);
    }
}
