using System.Net.Http.Headers;
using System.Text;

namespace ProdSprint.Infrastructure;

/// <summary><c>prodsprint infrastructure-step VERB KIND NAME</c>: what a resource's provisioner starts. Asks the run it belongs to, which does the work.</summary>
public static class StepClient
{
    internal const string AddressVariable = "PRODSPRINT_RUN_ADDRESS", PasswordVariable = "PRODSPRINT_RUN_PASSWORD";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task<int> RunAsync(string[] words)
    {
        if (words.Length != 3 || Environment.GetEnvironmentVariable(AddressVariable) is not { } address || Environment.GetEnvironmentVariable(PasswordVariable) is not { } password)
        {
            await Console.Error.WriteLineAsync("This is started by the server when it applies infrastructure, and by nobody else: prodsprint infrastructure apply");
            return 2;
        }
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"run:{password}")));
        try
        {
            using var response = await http.PostAsync($"{address}/steps/{string.Join('/', words.Select(Uri.EscapeDataString))}", null);
            Console.WriteLine(await response.Content.ReadAsStringAsync());
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"The server that started this run does not answer: {e.Message}");
            return 1;
        }
    }
}
