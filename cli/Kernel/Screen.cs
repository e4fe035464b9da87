namespace ProdSprint.Kernel;

/// <summary>What is said beside the result, on stderr. One accent colour; none with NO_COLOR or without a terminal.</summary>
public static class Screen
{
    public static bool Colour { get; } = Environment.GetEnvironmentVariable("NO_COLOR") is null or "" && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public static bool Live { get; } = Colour && !Console.IsErrorRedirected;

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
}
