using System.Reflection;
using System.Reflection.Emit;
using Orleans.Runtime;

namespace Orleans.Calls;

/// <summary>A generated call class: how to make one, where its arguments go, and how a reference sends it.</summary>
internal sealed record CallShape(Type Type, FieldInfo[] Arguments, MethodInfo Send);

/// <summary>Generates the call class of one method.</summary>
internal static class CallEmitter
{
    private const MethodAttributes Override =
        MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.ReuseSlot;

    public static CallShape Build(MethodMeta meta)
    {
        var (parent, invoke, send) = ShapeOf(meta.Method.ReturnType);
        var type = DynamicCode.Define($"{meta.Method.DeclaringType!.Name}.{meta.Name}Call", parent);
        type.DefineDefaultConstructor(MethodAttributes.Public);
        var fields = meta.Parameters.Select((p, i) => type.DefineField($"Arg{i}", p.ParameterType, FieldAttributes.Public)).ToArray();
        var metaField = type.DefineField("MethodMeta", typeof(MethodMeta), FieldAttributes.Public | FieldAttributes.Static);

        EmitMeta(type, metaField);
        EmitInvoke(type, parent.GetMethod(invoke, BindingFlags.Instance | BindingFlags.NonPublic)!, meta.Method, fields);
        if (fields.Length > 0)
        {
            EmitCount(type, fields.Length);
            EmitGet(type, fields);
            EmitSet(type, fields);
        }

        var built = type.CreateType();
        built.GetField(metaField.Name)!.SetValue(null, meta);
        return new CallShape(built, [.. fields.Select(f => built.GetField(f.Name)!)], send);
    }

    private static (Type Parent, string Invoke, MethodInfo Send) ShapeOf(Type returns)
    {
        if (returns == typeof(void))
        {
            return (typeof(NoResultCall), "InvokeNothing", Send(nameof(GrainReference.SendNothing)));
        }

        if (returns == typeof(Task))
        {
            return (typeof(VoidResultCall), "InvokeVoid", Send(nameof(GrainReference.SendVoid)));
        }

        if (returns == typeof(ValueTask))
        {
            return (typeof(VoidValueResultCall), "InvokeValue", Send(nameof(GrainReference.SendVoidValue)));
        }

        var result = returns.GetGenericArguments()[0];
        return returns.GetGenericTypeDefinition() == typeof(Task<>)
            ? (typeof(ResultCall<>).MakeGenericType(result), "InvokeTarget", Send(nameof(GrainReference.SendResult)).MakeGenericMethod(result))
            : (typeof(ValueResultCall<>).MakeGenericType(result), "InvokeValue", Send(nameof(GrainReference.SendValue)).MakeGenericMethod(result));
    }

    private static MethodInfo Send(string name) => typeof(GrainReference).GetMethod(name, BindingFlags.Instance | BindingFlags.NonPublic)!;

    private static void EmitMeta(TypeBuilder type, FieldInfo metaField)
    {
        var getter = typeof(GrainCall).GetProperty(nameof(GrainCall.Meta))!.GetMethod!;
        var il = type.DefineMethod(getter.Name, MethodAttributes.Public | Override, typeof(MethodMeta), Type.EmptyTypes).GetILGenerator();
        il.Emit(OpCodes.Ldsfld, metaField);
        il.Emit(OpCodes.Ret);
    }

    private static void EmitInvoke(TypeBuilder type, MethodInfo overridden, MethodInfo target, FieldInfo[] fields)
    {
        var il = type.DefineMethod(overridden.Name, MethodAttributes.Family | Override, overridden.ReturnType, [typeof(object)]).GetILGenerator();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Castclass, target.DeclaringType!);
        foreach (var field in fields)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, field);
        }

        il.Emit(OpCodes.Callvirt, target);
        il.Emit(OpCodes.Ret);
    }

    private static void EmitCount(TypeBuilder type, int count)
    {
        var il = type.DefineMethod(nameof(GrainCall.GetArgumentCount), MethodAttributes.Public | Override, typeof(int), Type.EmptyTypes).GetILGenerator();
        il.Emit(OpCodes.Ldc_I4, count);
        il.Emit(OpCodes.Ret);
    }

    private static void EmitGet(TypeBuilder type, FieldInfo[] fields)
    {
        var il = type.DefineMethod(nameof(GrainCall.GetArgument), MethodAttributes.Public | Override, typeof(object), [typeof(int)]).GetILGenerator();
        Switch(il, fields, field =>
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, field);
            il.Emit(OpCodes.Box, field.FieldType);
        });
    }

    private static void EmitSet(TypeBuilder type, FieldInfo[] fields)
    {
        var il = type.DefineMethod(nameof(GrainCall.SetArgument), MethodAttributes.Public | Override, typeof(void), [typeof(int), typeof(object)]).GetILGenerator();
        Switch(il, fields, field =>
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldarg_2);
            il.Emit(OpCodes.Unbox_Any, field.FieldType);
            il.Emit(OpCodes.Stfld, field);
        });
    }

    private static void Switch(ILGenerator il, FieldInfo[] fields, Action<FieldInfo> emit)
    {
        var labels = fields.Select(_ => il.DefineLabel()).ToArray();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Switch, labels);
        il.Emit(OpCodes.Ldstr, "index");
        il.Emit(OpCodes.Newobj, typeof(ArgumentOutOfRangeException).GetConstructor([typeof(string)])!);
        il.Emit(OpCodes.Throw);
        for (var i = 0; i < fields.Length; i++)
        {
            il.MarkLabel(labels[i]);
            emit(fields[i]);
            il.Emit(OpCodes.Ret);
        }
    }
}
