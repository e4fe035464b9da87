using ProdSprint.Infrastructure;

namespace ProdSprint.Drills;

/// <summary>
/// An installation in which Terraform and each step of a resource tell the <see cref="Witness"/> when they begin, and a step also when it is done and Terraform does
/// not know it yet: a drill can let the server die on either side. What they do is the real thing.
/// </summary>
public sealed class GroundedInstallation : Installation
{
    private GroundWalkResult? _unbroken;

    /// <summary>Null: neither tofu nor terraform is installed here.</summary>
    public string? Terraform { get; } = new TerraformProgram(new()).Look();

    private string ProgramFile => Path.Combine(Home, "told", Path.GetFileName(Terraform!));

    private string StepFile => Path.Combine(Home, "told", "step");

    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Infrastructure__Program"] = ProgramFile,
        ["Infrastructure__Step__0"] = StepFile,
    };

    public override async ValueTask InitializeAsync()
    {
        if (Terraform is null) return;
        Directory.CreateDirectory(Path.GetDirectoryName(StepFile)!);
        Write(ProgramFile, $"tell terraform/$1\nexec '{Terraform}' \"$@\"");
        // The names of a role and of a database are another in each project.
        Write(StepFile,
            $"""
            what=$1/$2; [ "$2" != directory ] || what=$what/$3
            tell before/$what
            '{Program}' infrastructure-step "$@"
            code=$?
            tell after/$what
            exit $code
            """);
        await base.InitializeAsync();
    }

    public override ValueTask DisposeAsync() => Terraform is null ? ValueTask.CompletedTask : base.DisposeAsync();

    /// <summary>From the plan to the end, with nothing in its way: what every other walk is compared with.</summary>
    internal async Task<GroundWalkResult> UnbrokenWalkAsync() => _unbroken ??= await GroundWalk.RunAsync(this, _ => null);

    private void Write(string file, string body)
    {
        var port = Witness.Url.Port;
        File.WriteAllText(file,
            $$"""
              #!/bin/bash
              # Waits for the answer; nobody there is one as well.
              tell() { { exec 3<>/dev/tcp/127.0.0.1/{{port}} && printf 'GET /%s HTTP/1.0\r\nHost: 127.0.0.1:{{port}}\r\nConnection: close\r\n\r\n' "$1" >&3 && cat <&3 >/dev/null; exec 3>&-; } 2>/dev/null; }

              """ + body + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
