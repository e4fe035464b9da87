using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace ProdSprint.Secrets;

/// <summary>
/// A project's variables, sealed where they come in: the project's state, its timeline and its jobs have names and what is sealed, and only a process that starts has values.
/// </summary>
public sealed class SealedVariables(DataKeys keys)
{
    /// <summary>Without it a value is from before variables were sealed, and is itself.</summary>
    private const string Mark = "sealed:";

    /// <summary>Null, which takes a variable away, stays null.</summary>
    public async Task<ImmutableDictionary<string, string?>> SealAsync(string workspace, string project, IEnumerable<KeyValuePair<string, string?>> values, CancellationToken cancellation)
    {
        var key = await keys.OfAsync(workspace, cancellation);
        return values.ToImmutableDictionary(
            v => v.Key, v => v.Value is null ? null : Mark + Convert.ToBase64String(Envelope.Seal(key, Context(workspace, project, v.Key), Encoding.UTF8.GetBytes(v.Value))));
    }

    /// <exception cref="SecretException">One was changed by somebody else.</exception>
    public async Task<Dictionary<string, string>> OpenAsync(string workspace, string project, IReadOnlyDictionary<string, string> variables, CancellationToken cancellation)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (variables.Count == 0) return values;
        var key = await keys.OfAsync(workspace, cancellation);
        foreach (var (name, value) in variables) values[name] = value.StartsWith(Mark, StringComparison.Ordinal) ? Open(key, workspace, project, name, value[Mark.Length..]) : value;
        return values;
    }

    private static string Open(byte[] key, string workspace, string project, string name, string value)
    {
        try
        {
            return Encoding.UTF8.GetString(Envelope.Open(key, Context(workspace, project, name), Convert.FromBase64String(value)));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            throw new SecretException($"The variable {name} of {project} cannot be opened: it was changed by somebody else.", $"Set {name} again in the project's settings", inner: e);
        }
    }

    private static string Context(string workspace, string project, string name) => $"variable/{workspace}/{project}/{name}";
}
