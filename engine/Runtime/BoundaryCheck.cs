using System.Reflection;
using Orleans.Calls;
using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>
/// What genuine Orleans refuses at start in the Development environment: grain interfaces that name a type nobody said how to serialize.
/// </summary>
internal static class BoundaryCheck
{
    public static void Run(GrainClasses classes)
    {
        var problems = ApplicationTypes.GrainInterfaces.Where(t => !t.ContainsGenericParameters).SelectMany(ProblemsOf)
            .Concat(classes.All.Where(c => !c.HasExplicitName && ApplicationTypes.IsContract(c.Type)).Select(c => $"{c.Type} has no [GrainType]"))
            .Distinct().Order().ToList();
        if (problems.Count > 0)
        {
            throw new OrleansConfigurationException(
                $"Some types are not ready to cross a grain boundary:{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", problems)}{Environment.NewLine}"
                + "Give each [GenerateSerializer] and its members [Id(n)], and each grain class [GrainType].");
        }
    }

    private static IEnumerable<string> ProblemsOf(Type contract)
    {
        foreach (var method in contract.GetMethods().Where(m => !m.IsStatic && InterfaceMeta.IsTaskLike(m.ReturnType)))
        {
            foreach (var type in method.GetParameters().Select(p => p.ParameterType).Append(method.ReturnType))
            {
                if (Serializable.FindProblem(type) is { } problem)
                {
                    yield return $"{contract.FullName}.{method.Name}: {problem}";
                }
            }
        }
    }
}
