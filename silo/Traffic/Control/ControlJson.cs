using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProdSprint.Traffic;

/// <summary>The control protocol: one JSON object per line and direction, over the unix socket in the state directory.</summary>
internal static class ControlJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static byte[] Line<T>(T message) => [.. JsonSerializer.SerializeToUtf8Bytes(message, Options), (byte)'\n'];
}

internal enum ControlOp { Status, Apply, Remove, Drained, Reports, Acknowledge }

internal sealed record ControlRequest(ControlOp Op)
{
    public EnvironmentRoutes? Routes { get; init; }
    public string? Workspace { get; init; }
    public string? Project { get; init; }
    public string? Environment { get; init; }
    public string? Version { get; init; }
    public int TimeoutMs { get; init; }
    public ReportCursor? Cursor { get; init; }
}

/// <summary>Error is set when the request failed within the router; everything else depends on the request.</summary>
internal sealed record ControlReply
{
    public string? Error { get; init; }
    public RouteAck? Ack { get; init; }
    public RouterStatus? Status { get; init; }
    public bool? Drained { get; init; }
    public TrafficReportBatch? Batch { get; init; }
}
