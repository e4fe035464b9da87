using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using ProdSprint.Data;
using ProdSprint.Postgres;

namespace ProdSprint.Secrets;

/// <summary>Master key over data key over value, in the real tables.</summary>
public sealed class SealingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("prodsprint-secrets-");
    private static readonly SecretName Name = new("sealed", "shop", "production", "TOKEN");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Value_IsOpenedByItsReferenceAlone_AndTheFirstStays()
    {
        var store = Store(new());
        await store.PutAsync(Name, "one", "first", "id-1", Stop);
        await store.PutAsync(Name, "one", "second", "id-2", Stop);
        (await store.OpenAsync(Name, "one", Stop)).ShouldBe(new("first", "id-1"));
        (await store.OpenAsync(Name, "two", Stop)).ShouldBeNull();
        (await store.OpenAsync(Name with { Environment = "staging" }, "one", Stop)).ShouldBeNull();
        await store.ForgetAsync(Name, "one", Stop);
        (await store.OpenAsync(Name, "one", Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task Value_CopiedToAnotherPlace_IsNotOpened()
    {
        var store = Store(new());
        var moved = Name with { Workspace = "moved" };
        await store.PutAsync(moved, "one", "v", null, Stop);
        await postgres.ExecuteAsync("UPDATE prodsprint.secret_value SET environment = 'staging' WHERE workspace = 'moved'");
        var refused = await Should.ThrowAsync<SecretException>(() => store.OpenAsync(moved with { Environment = "staging" }, "one", Stop));
        refused.Message.ShouldContain("belongs to another place");
        refused.Next.ShouldContain("prodsprint secrets");
    }

    [Fact]
    public async Task MasterKey_OfAFile_WrapsAnew_AndTheOneBeforeIsNotNeededAnyMore()
    {
        var name = Name with { Workspace = "wrapped" };
        await Store(new()).PutAsync(name, "one", "kept", null, Stop);
        (await Master("wrapped")).ShouldStartWith("derived:");
        var first = KeyFile("first");
        (await Store(new() { MasterKeyFile = first }).OpenAsync(name, "one", Stop))!.Value.ShouldBe("kept");
        (await Master("wrapped")).ShouldStartWith("file:");
        var second = KeyFile("second");
        (await Store(new() { MasterKeyFile = second, PreviousMasterKeyFiles = { first } }).OpenAsync(name, "one", Stop))!.Value.ShouldBe("kept");
        (await Store(new() { MasterKey = await File.ReadAllTextAsync(second, Stop) }).OpenAsync(name, "one", Stop))!.Value.ShouldBe("kept", "the same key by another way");
        var lost = await Should.ThrowAsync<SecretException>(() => Store(new() { MasterKeyFile = first }).OpenAsync(name, "one", Stop));
        lost.Message.ShouldContain("which this server does not have");
        lost.Next.ShouldContain("PreviousMasterKeyFiles");
    }

    [Fact]
    public async Task DataKey_OfOneWorkspace_IsNotAnothers()
    {
        var store = Store(new());
        foreach (var workspace in (string[])["left", "right"]) await store.PutAsync(Name with { Workspace = workspace }, "one", "v", null, Stop);
        await postgres.ExecuteAsync("UPDATE prodsprint.secret_key SET wrapped = (SELECT wrapped FROM prodsprint.secret_key WHERE workspace = 'left') WHERE workspace = 'right'");
        (await Should.ThrowAsync<SecretException>(() => Store(new()).OpenAsync(Name with { Workspace = "right" }, "one", Stop))).Message.ShouldContain("cannot be unwrapped");
    }

    [Fact]
    public async Task Rows_OfAnotherWorkspace_AreNotSeen()
    {
        await Store(new()).PutAsync(Name with { Workspace = "mine" }, "one", "v", null, Stop);
        await using var connection = await postgres.Database.App("others", Stop);
        foreach (var table in (string[])["secret_value", "secret_key"])
            (await new Npgsql.NpgsqlCommand($"SELECT count(*) FROM {table} WHERE workspace = 'mine'", connection).ExecuteScalarAsync(Stop)).ShouldBe(0L);
    }

    [Fact]
    public void MasterKeys_ThatCannotBeRead_AreToldAllAtOnce()
    {
        var open = KeyFile("open");
        File.SetUnixFileMode(open, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var wrong = Should.Throw<OptionsValidationException>(() => new MasterKeys(new() { MasterKey = "short", PreviousMasterKeyFiles = { open, Path.Combine(_folder.FullName, "absent") } }, postgres.Database));
        wrong.Failures.Count().ShouldBe(3);
        wrong.Message.ShouldContain("openssl rand -base64 32");
        wrong.Message.ShouldContain("chmod 600");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private SecretStore Store(SecretOptions options) => new(postgres.Database, new(postgres.Database, new(options, postgres.Database)), new(postgres.Database));

    private Task<string?> Master(string workspace) => postgres.ScalarAsync<string>($"SELECT master FROM prodsprint.secret_key WHERE workspace = '{workspace}'");

    private string KeyFile(string name)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
