using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ProdSprint.Data;
using ProdSprint.Identity;

namespace ProdSprint.Bench;

/// <summary>
/// What being known costs: checks at every request, sign-in after the provider has said who it is, refresh tokens spent one after the other and one by a thousand at once.
/// The provider's own share is its network's, and is not in here.
/// </summary>
public static class AuthBench
{
    private const int Chains = 16;
    private const string Beside = "beside it";

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(int runs = 5, int signIns = 300, int rotations = 2_000, int parallel = 1_000, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        await using var started = await BenchServer.StartAsync("auth", cancellation);
        var services = started.App.Services;
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 64 }) { BaseAddress = new(started.App.Urls.First()) };
        await ApiBench.SignInAsync(services);
        List<BenchRow> rows = [await ApiBench.PermissionAsync(services)];
        rows.AddRange(await TokenAsync(services, runs));
        progress?.Report(0.3);
        rows.Add(await SignInAsync(services, signIns));
        progress?.Report(0.5);
        rows.Add(await RotationAsync(services, http, rotations, cancellation));
        progress?.Report(0.7);
        rows.AddRange(await OneTokenAsync(services, http, runs, parallel, cancellation));
        rows.AddRange(await TotpAsync(services, runs, signIns, cancellation));
        progress?.Report(1);
        return rows;
    }

    /// <summary>Signature and whether the session still holds: from memory, and from the database after the bell has emptied it.</summary>
    private static async Task<IReadOnlyList<BenchRow>> TokenAsync(IServiceProvider services, int runs)
    {
        const int warmChecks = 100_000, coldChecks = 200;
        var (tokens, known) = (services.GetRequiredService<SessionTokens>(), services.GetRequiredService<KnownCredentials>());
        var shown = (await OpenAsync(services, "token")).AccessToken;
        async Task CheckAsync()
        {
            if (tokens.ReadAccess(shown) is not { } read || await known.SessionAsync(read.Session) is null) throw new InvalidOperationException("The session does not hold.");
        }
        async Task<double[]> TimesAsync(int checks, Func<Task> check)
        {
            var times = new double[runs];
            await check();
            for (var run = 0; run < runs; run++)
            {
                var from = Stopwatch.GetTimestamp();
                for (var i = 0; i < checks; i++) await check();
                times[run] = Stopwatch.GetElapsedTime(from).TotalMicroseconds / checks;
            }
            return times;
        }
        var warm = await TimesAsync(warmChecks, CheckAsync);
        var cold = await TimesAsync(coldChecks, async () =>
        {
            known.ForgetAll();
            await CheckAsync();
        });
        return [Row("token check, known already", warm, "µs"), Row("token check, from the database", cold, "µs")];
    }

    private static async Task<BenchRow> SignInAsync(IServiceProvider services, int signIns)
    {
        var times = new double[signIns];
        for (var i = 0; i < signIns; i++)
        {
            var from = Stopwatch.GetTimestamp();
            await OpenAsync(services, $"person-{i}");
            times[i] = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
        }
        return Row("sign-in of a new person, after the provider", times, "ms");
    }

    private static async Task<BenchRow> RotationAsync(IServiceProvider services, HttpClient http, int rotations, CancellationToken cancellation)
    {
        var sessions = new List<string>();
        for (var n = 0; n < Chains; n++) sessions.Add((await OpenAsync(services, $"chain-{n}")).RefreshToken);
        var from = Stopwatch.GetTimestamp();
        await Task.WhenAll(sessions.Select(async refresh =>
        {
            for (var n = 0; n < rotations / Chains; n++) refresh = await RefreshAsync(http, refresh, cancellation);
        }));
        return new("refresh tokens spent, 16 sessions at once", Math.Round(rotations / Chains * Chains / Stopwatch.GetElapsedTime(from).TotalSeconds), "/s", null, null, Beside, true, []);
    }

    /// <summary>A thousand with the same token: all get an answer, and the answer is the same.</summary>
    private static async Task<IReadOnlyList<BenchRow>> OneTokenAsync(IServiceProvider services, HttpClient http, int runs, int parallel, CancellationToken cancellation)
    {
        var (successors, times) = (new double[runs], new double[runs]);
        for (var run = 0; run < runs; run++)
        {
            var refresh = (await OpenAsync(services, $"storm-{run}")).RefreshToken;
            var from = Stopwatch.GetTimestamp();
            var answers = await Task.WhenAll(Enumerable.Range(0, parallel).Select(_ => RefreshAsync(http, refresh, cancellation)));
            times[run] = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
            successors[run] = answers.Distinct(StringComparer.Ordinal).Count();
        }
        return [new($"successors of one token, {parallel} refreshes at once", successors.Max(), "tokens", null, null, "1", successors.All(s => s == 1), successors), Row("until the last of them is answered", times, "ms")];
    }

    private static async Task<IReadOnlyList<BenchRow>> TotpAsync(IServiceProvider services, int runs, int accounts, CancellationToken cancellation)
    {
        const int checks = 20_000;
        var (secret, now) = (new byte[Totp.SecretBytes], DateTimeOffset.UnixEpoch.AddYears(50));
        var code = Totp.Code(secret, Totp.StepAt(now));
        var pure = new double[runs];
        for (var run = 0; run < runs; run++)
        {
            var from = Stopwatch.GetTimestamp();
            for (var i = 0; i < checks; i++) if (Totp.Check(secret, code, now, 0) is null) throw new InvalidOperationException("The code is not taken.");
            pure[run] = Stopwatch.GetElapsedTime(from).TotalMicroseconds / checks;
        }
        var (factors, clock) = (services.GetRequiredService<SecondFactors>(), services.GetRequiredService<TimeProvider>());
        var taken = new double[Math.Min(accounts, 50)];
        for (var n = 0; n < taken.Length; n++)
        {
            var account = (await OpenAsync(services, $"factor-{n}")).Account;
            var own = await factors.StartAsync(account, cancellation);
            var step = Totp.StepAt(clock.GetUtcNow());
            await factors.ConfirmAsync(account, Totp.Code(own, step), cancellation);
            var from = Stopwatch.GetTimestamp();
            await factors.CheckAsync(account, Totp.Code(own, step + 1), cancellation);
            taken[n] = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
        }
        return [Row("one-time password, computed and compared", pure, "µs"), Row("one-time password, taken once on all servers", taken, "ms")];
    }

    private static async Task<SessionStarted> OpenAsync(IServiceProvider services, string subject)
    {
        var account = await services.GetRequiredService<Accounts>().FindOrCreateAsync(new("bench", subject, subject, $"{subject}@example.com", true));
        return await services.GetRequiredService<Sessions>().OpenAsync(new DefaultHttpContext { RequestServices = services, Request = { Path = "/v1/sign-in" } }, account, "bench");
    }

    private static async Task<string> RefreshAsync(HttpClient http, string refresh, CancellationToken cancellation)
    {
        using var answer = await http.PostAsJsonAsync("/v1/session/refresh", new { refreshToken = refresh }, cancellation);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
        return answer.IsSuccessStatusCode ? body.RootElement.GetProperty("refreshToken").GetString()! : throw new InvalidOperationException($"The refresh was answered {(int)answer.StatusCode}: {body.RootElement}");
    }

    private static BenchRow Row(string name, double[] values, string unit) => new(name, Math.Round(ApiBench.Median(values), 3), unit, null, null, Beside, true, values.Length > 20 ? [] : values);
}
