namespace ProdSprint.Projects;

/// <summary>A name from the repository as one word of a shell line. Anything that the shell would look at is put between single quotes.</summary>
public static class ShellWord
{
    public static string Quote(string word)
    {
        foreach (var c in word)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '/' or '_' or '-' or ':' or '=' or '@' or '+' or ','))
                return "'" + word.Replace("'", "'\\''") + "'";
        return word.Length == 0 ? "''" : word;
    }
}
