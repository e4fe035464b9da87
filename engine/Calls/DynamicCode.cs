using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace System.Runtime.CompilerServices
{
    /// <summary>The runtime knows this attribute by its name: the generated assembly may use the internals of the assembly named.</summary>
    [AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
    internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
    {
        public string AssemblyName { get; } = assemblyName;
    }
}

namespace Orleans.Calls
{
    /// <summary>The one dynamic assembly that generated references and calls live in.</summary>
    internal static class DynamicCode
    {
        private static readonly AssemblyBuilder Assembly =
            AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("ProdSprint.Engine.Generated"), AssemblyBuilderAccess.Run);

        private static readonly ModuleBuilder Module = Assembly.DefineDynamicModule("Generated");
        private static readonly HashSet<string> Allowed = [];
        private static int _types;

        static DynamicCode() => AllowAccessTo(typeof(DynamicCode));

        public static Lock Gate { get; } = new();

        public static TypeBuilder Define(string name, Type parent) =>
            Module.DefineType($"Generated.{name}_{_types++}", TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.Class, parent);

        /// <summary>Grain interfaces and their arguments are often internal to their assembly.</summary>
        public static void AllowAccessTo(Type type)
        {
            if (type.HasElementType)
            {
                AllowAccessTo(type.GetElementType()!);
                return;
            }

            if (Allowed.Add(type.Assembly.GetName().Name!))
            {
                var constructor = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;
                Assembly.SetCustomAttribute(new CustomAttributeBuilder(constructor, [type.Assembly.GetName().Name!]));
            }

            foreach (var parent in type.GetInterfaces())
            {
                if (Allowed.Add(parent.Assembly.GetName().Name!))
                {
                    AllowAccessTo(parent);
                }
            }

            foreach (var argument in type.GetGenericArguments())
            {
                AllowAccessTo(argument);
            }
        }
    }
}
