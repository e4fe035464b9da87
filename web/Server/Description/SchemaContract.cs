using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Server;

/// <summary>What the serializer does and its schema does not say: fields that would be null are left out of answers, and answers may grow.</summary>
internal static class SchemaContract
{
    public static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        if (context.JsonTypeInfo is { Kind: JsonTypeInfoKind.Object } type && schema.Properties is not null)
        {
            // The serializer's schema forgets that a dictionary's values may be null: null removes the name.
            if (type.Type == typeof(ProjectsApi.VariablesBody) && schema.Properties["values"] is OpenApiSchema { AdditionalProperties: OpenApiSchema value }) value.Type |= JsonSchemaType.Null;
            if (IsRequest(type.Type)) return Task.CompletedTask;
            schema.AdditionalProperties = null;
            schema.AdditionalPropertiesAllowed = true;
            schema.Required = type.Properties.Where(p => schema.Properties.ContainsKey(p.Name) && AlwaysThere(type.Type, p)).Select(p => p.Name).ToHashSet();
        }
        return Task.CompletedTask;
    }

    private static bool IsRequest(Type type) => type.Name.EndsWith("Body", StringComparison.Ordinal) || type == typeof(FreezeWindow) || type == typeof(FirstFreeze) || type == typeof(Identity.GroupRole);

    private static bool AlwaysThere(Type type, JsonPropertyInfo property) =>
        (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Page<>)) || type == typeof(Audit.AuditPage)
        || (Nullable.GetUnderlyingType(property.PropertyType) is null && !property.IsGetNullable && !MayBeNull(type, property));

    /// <summary>Of a property that is written only: annotations of the constructor's parameter count as well.</summary>
    private static bool MayBeNull(Type type, JsonPropertyInfo property) =>
        property.AttributeProvider is PropertyInfo { PropertyType.IsValueType: false } p && new NullabilityInfoContext().Create(p).ReadState == NullabilityState.Nullable;
}
