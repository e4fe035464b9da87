namespace Orleans.Runtime;

/// <summary>Placeholder of the namespace until the runtime types arrive.</summary>
internal static class RuntimeNamespace;
