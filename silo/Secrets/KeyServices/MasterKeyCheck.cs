using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ProdSprint.Secrets;

/// <summary>
/// A key service is asked once when the node starts: that the server may not use the key is better known now than at the first secret. One that is away stops no start, because what runs
/// needs it only to open what this node has not opened yet.
/// </summary>
internal sealed partial class MasterKeyCheck(MasterKeys masters, ILogger<MasterKeyCheck> logger) : IHostedService
{
    private const string Context = "master-key-check";

    /// <exception cref="OptionsValidationException">The key may not be used, or does not open what it sealed.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (masters.Current is LocalMasterKey) return;
        var key = RandomNumberGenerator.GetBytes(LocalMasterKey.Bytes);
        try
        {
            var wrapped = await masters.Current.WrapAsync(key, Context, cancellationToken);
            if (!CryptographicOperations.FixedTimeEquals(await masters.Current.UnwrapAsync(wrapped, Context, cancellationToken), key)) throw new CryptographicException("It opened something else.");
        }
        catch (SecretException e) when (e.Retry)
        {
            LogAway(logger, masters.Current.Id, e.Message, e.Next);
        }
        catch (Exception e) when (e is SecretException or CryptographicException)
        {
            throw new OptionsValidationException("Secrets", typeof(SecretOptions), [$"Secrets:KeyService: {e.Message} Next: {(e as SecretException)?.Next ?? "see that it is the key that was meant"}"]);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Error, Message = "The master key {Key} could not be tried: {Fault} Next: {Next}")]
    private static partial void LogAway(ILogger logger, string key, string fault, string next);
}
