using ProdSprint.Plans.Blueprints;
using ProdSprint.Plans.Blueprints.Infrastructure;
using YamlDotNet.RepresentationModel;

namespace ProdSprint.Tests.Plans.Blueprints;

/// <summary>The manifests read as kustomize and the API server read them: what refers to what, and what does not fit together.</summary>
internal static class ClusterManifests
{
    public sealed record Item(string Path, string Kind, string Name, YamlMappingNode Node);

    public static IReadOnlyList<Item> Read(FileBundle bundle) =>
    [
        .. bundle.Files.Where(f => f.Key.StartsWith($"{KubernetesManifests.Folder}/base/", StringComparison.Ordinal)).SelectMany(f => Documents(f.Value)
            .Select(d => new Item(f.Key, Text(d, "kind")!, Text(d, "metadata", "name") ?? "", d))),
    ];

    public static IEnumerable<string> Faults(FileBundle bundle)
    {
        var items = Read(bundle);
        foreach (var kustomization in bundle.Files.Where(f => f.Key.EndsWith("/kustomization.yaml", StringComparison.Ordinal)))
            foreach (var resource in Each(Documents(kustomization.Value).Single(), "resources").Select(r => ((YamlScalarNode)r).Value!))
            {
                var path = Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(kustomization.Key)!, resource))[1..];
                if (!bundle.Files.ContainsKey(path) && !bundle.Files.ContainsKey($"{path}/kustomization.yaml")) yield return $"{kustomization.Key}: {resource} is not there";
            }
        foreach (var twice in items.GroupBy(i => (i.Kind, i.Name)).Where(g => g.Count() > 1)) yield return $"{twice.Key} is there twice";
        var deployments = items.Where(i => i.Kind == "Deployment").ToDictionary(i => i.Name);
        foreach (var item in items.Where(i => i.Kind is "Deployment" or "Service" or "PodDisruptionBudget"))
        {
            var selector = item.Kind == "Service" ? Text(item.Node, "spec", "selector", "app.kubernetes.io/name") : Text(item.Node, "spec", "selector", "matchLabels", "app.kubernetes.io/name");
            if (selector is null || !deployments.TryGetValue(selector, out var pods) || Text(pods.Node, "spec", "template", "metadata", "labels", "app.kubernetes.io/name") != selector) yield return $"{item.Kind} {item.Name} selects nothing";
            else if (item.Kind == "Service" && Text(pods.Node, "spec", "template", "spec", "containers", "0", "ports", "0", "name") != "http") yield return $"Service {item.Name} has no port to go to";
        }
        foreach (var scaler in items.Where(i => i.Kind == "HorizontalPodAutoscaler"))
            if (!deployments.ContainsKey(Text(scaler.Node, "spec", "scaleTargetRef", "name")!)) yield return $"{scaler.Name} scales nothing";
        foreach (var deployment in deployments.Values)
            if (!items.Any(i => i.Kind == "ServiceAccount" && i.Name == Text(deployment.Node, "spec", "template", "spec", "serviceAccountName"))) yield return $"{deployment.Name} has no account";
    }

    public static string? Text(YamlNode node, params string[] path) => At(node, path) is YamlScalarNode s ? s.Value : null;

    public static IEnumerable<YamlNode> Each(YamlNode node, params string[] path) => At(node, path) is YamlSequenceNode s ? s.Children : [];

    public static IEnumerable<YamlMappingNode> Documents(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Select(d => (YamlMappingNode)d.RootNode);
    }

    private static YamlNode? At(YamlNode? node, ReadOnlySpan<string> path)
    {
        foreach (var step in path)
            node = node switch
            {
                YamlMappingNode map => map.Children.TryGetValue(new YamlScalarNode(step), out var child) ? child : null,
                YamlSequenceNode list when int.TryParse(step, out var at) && at < list.Children.Count => list.Children[at],
                _ => null,
            };
        return node;
    }
}
