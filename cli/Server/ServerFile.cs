using System.Text.Json;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Server;

/// <summary>What a running server says of itself in <c>server.json</c>: written by the server when it listens, removed when it stops.</summary>
public sealed record ServerFile(Uri Url, int Pid)
{
    public static ServerFile? Read()
    {
        try
        {
            var node = JsonNode.Parse(File.ReadAllText(Cli.ServerFile))!;
            return new(new(node["url"]!.ToString()), (int)node["pid"]!);
        }
        catch (Exception e) when (e is IOException or JsonException or UriFormatException or NullReferenceException or InvalidOperationException or FormatException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
