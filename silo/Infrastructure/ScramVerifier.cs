using System.Security.Cryptography;
using System.Text;

namespace ProdSprint.Infrastructure;

/// <summary>What PostgreSQL keeps of a password (RFC 5803, SCRAM-SHA-256). Given in its place, so that no statement, and with it no log of the server, ever holds the password.</summary>
internal static class ScramVerifier
{
    private const int Rounds = 4096, SaltBytes = 16, HashBytes = 32;

    public static string Of(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, Rounds, HashAlgorithmName.SHA256, HashBytes);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Rounds}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}";
    }
}
