using System.Text.Json;

namespace ProdSprint.Deploy;

/// <summary>One JSON document in one file: after a crash there is the old one or the new one, never half of either.</summary>
internal static class DurableFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static T? Read<T>(string path) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Json);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public static void Write<T>(string path, T value)
    {
        var temporary = path + "~" + Guid.NewGuid().ToString("n")[..8];
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                JsonSerializer.Serialize(file, value, Json);
                file.Flush(flushToDisk: true); // before the rename: else a power cut can leave an empty file under the name
            }
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
