namespace ProdSprint.Kernel;

/// <summary>What is said beside the result, on stderr. One accent colour; none with NO_COLOR or without a terminal.</summary>
public static partial class Screen
{
    public static bool Colour { get; } = Environment.GetEnvironmentVariable("NO_COLOR") is null or "" && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public static bool Live { get; } = Colour && !Console.IsErrorRedirected;

    /// <summary>Without colours where stdout is no terminal, even if stderr is one: what is kept in a file is text.</summary>
    public static string ForOutput(string text) => Console.IsOutputRedirected ? Colours().Replace(text, "") : text;

    public static void Error(string text) => Console.Error.WriteLine(Paint("31;1", text));

    public static void Note(string text) => Console.Error.WriteLine(Paint("2", text));

    public static void Say(string text) => Console.Error.WriteLine(text);

    public static string Accent(string text) => Paint("36", text);

    public static string Good(string text) => Paint("32", text);

    public static string Bad(string text) => Paint("31", text);

    public static string Dim(string text) => Paint("2", text);

    public static string Bold(string text) => Paint("1", text);

    /// <summary>A bar of <paramref name="width"/> cells.</summary>
    public static string Bar(double share, int width)
    {
        share = Math.Clamp(share, 0, 1);
        var eighths = (int)Math.Round(share * width * 8);
        var full = new string('█', eighths / 8);
        var part = eighths % 8 == 0 ? "" : "▏▎▍▌▋▊▉"[(eighths % 8) - 1].ToString();
        return Accent(full + part) + Dim(new string('·', width - full.Length - part.Length));
    }

    private static string Paint(string code, string text) => Colour ? $"\e[{code}m{text}\e[0m" : text;

    [System.Text.RegularExpressions.GeneratedRegex("\e\\[[0-9;]*m")]
    private static partial System.Text.RegularExpressions.Regex Colours();
}
