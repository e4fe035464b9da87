using System.CommandLine;

namespace ProdSprint.Kernel;

/// <summary>Completion scripts; the words come from the program itself through its <c>[suggest]</c> directive.</summary>
public static class CompletionCommand
{
    private static readonly Argument<string> Shell = new("shell") { Description = "bash, zsh, fish or pwsh" };

    public static Command Create()
    {
        Shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        return new Command("completion", "Print a completion script for your shell") { Shell }.Runs((run, _) =>
        {
            var script = run.Get(Shell) switch
            {
                "bash" => """
                    _prodsprint() { local IFS=$'\n'; COMPREPLY=($(prodsprint "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)); }
                    complete -F _prodsprint prodsprint ./prodsprint
                    """,
                "zsh" => """
                    #compdef prodsprint
                    _prodsprint() { local -a words_; words_=("${(@f)$(prodsprint "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}"); compadd -a words_; }
                    compdef _prodsprint prodsprint
                    """,
                "fish" => """
                    complete -c prodsprint -f -a '(prodsprint "[suggest:"(commandline -C)"]" (commandline -cp) 2>/dev/null)'
                    """,
                _ => """
                    Register-ArgumentCompleter -Native -CommandName prodsprint -ScriptBlock { param($word, $ast, $at)
                      prodsprint "[suggest:$at]" "$ast" 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) } }
                    """,
            };
            run.Line(script);
            run.Next(run.Get(Shell) switch
            {
                "bash" => "eval \"$(prodsprint completion bash)\"",
                "zsh" => "eval \"$(prodsprint completion zsh)\"",
                "fish" => "prodsprint completion fish | source",
                _ => "prodsprint completion pwsh | Out-String | Invoke-Expression",
            });
            return Task.FromResult<System.Text.Json.Nodes.JsonNode?>(System.Text.Json.Nodes.JsonValue.Create(script));
        });
    }
}
