using System.Security.Cryptography;
using FsCheck.Fluent;
using WgHub.TestKit;

namespace WgHub.Hosting;

/// <summary>The key in its file. Where else it may come from is tried in Cli/ServeTests: the environment belongs to the whole process.</summary>
public sealed class MasterKeyTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-key-");

    private string KeyFile => Path.Combine(_folder.FullName, "master.key");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void It_is_made_once_for_its_owner_alone()
    {
        using var made = Made(KeyFile);
        using var loaded = Made(KeyFile);

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(KeyFile));
        Assert.Equal("secret", loaded.Open(made.Seal("secret", "x"), "x"));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public void It_is_32_bytes_of_chance()
    {
        using var key = Made(KeyFile);
        var first = File.ReadAllText(KeyFile);
        File.Delete(KeyFile);
        using var next = Made(KeyFile);

        Assert.Equal(32, Convert.FromBase64String(first).Length);
        Assert.NotEqual(first, File.ReadAllText(KeyFile));
    }

    [Fact]
    public void Many_at_once_do_not_get_into_each_others_way() =>
        Holds(key => Parallel.For(0, 2000, number =>
        {
            var secret = $"secret {number}";
            Assert.Equal(secret, key.Open(key.Seal(secret, $"{number}"), $"{number}"));
        }));

    [Theory]
    [InlineData(OwnerOnly | UnixFileMode.GroupRead)]
    [InlineData(OwnerOnly | UnixFileMode.OtherRead)]
    [InlineData(OwnerOnly | UnixFileMode.GroupWrite)]
    [InlineData(OwnerOnly | UnixFileMode.OtherWrite)]
    [InlineData(OwnerOnly | UnixFileMode.OtherExecute)]
    public void A_file_that_others_can_read_or_change_is_refused(UnixFileMode mode)
    {
        MasterKey.Make(KeyFile);
        File.SetUnixFileMode(KeyFile, mode);

        Assert.Contains("chmod 600", Assert.Throws<InvalidDataException>(() => MasterKey.FromFile(KeyFile)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")] // 33 bytes
    public void What_is_no_key_is_refused_and_kept(string text)
    {
        File.WriteAllText(KeyFile, text);
        File.SetUnixFileMode(KeyFile, OwnerOnly);

        var refusal = Assert.Throws<InvalidDataException>(() => MasterKey.FromFile(KeyFile));
        Assert.Equal("The file master.key does not hold 32 bytes of base64, such as 'openssl rand -base64 32' makes.", refusal.Message);
        Assert.Equal(text, File.ReadAllText(KeyFile));
    }

    [Fact]
    public void What_it_sealed_it_opens() =>
        Holds(key => Any.Holds(Any.Text, text => key.Open(key.Seal(text, "hub:1"), "hub:1") == text));

    [Fact]
    public void The_same_secret_is_never_sealed_the_same() =>
        Holds(key => Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => key.Seal("secret", "x")).Distinct().Count()));

    [Fact]
    public void A_sealed_secret_opens_nowhere_else() =>
        Holds(key => Assert.ThrowsAny<CryptographicException>(() => key.Open(key.Seal("secret", "hub:1:private-key"), "hub:2:private-key")));

    [Fact]
    public void One_bit_changed_anywhere_and_it_does_not_open() =>
        Holds(key => Any.Holds(Gen.Choose(0, int.MaxValue), where =>
        {
            var box = Convert.FromBase64String(key.Seal("secret", "x"));
            box[where / 8 % box.Length] ^= (byte)(1 << (where % 8));
            return Record.Exception(() => key.Open(Convert.ToBase64String(box), "x")) is CryptographicException;
        }));

    [Fact]
    public void Another_key_does_not_open_it() =>
        Holds(key =>
        {
            using var other = Made(KeyFile + "2");
            Assert.ThrowsAny<CryptographicException>(() => other.Open(key.Seal("secret", "x"), "x"));
        });

    private static MasterKey Made(string file)
    {
        MasterKey.Make(file);
        return MasterKey.FromFile(file);
    }

    private void Holds(Action<MasterKey> what)
    {
        using var key = Made(KeyFile);
        what(key);
    }
}
