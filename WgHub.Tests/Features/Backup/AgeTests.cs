using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using WgHub.Features.Backup.Age;
using WgHub.TestKit;

namespace WgHub.Features.Backup;

/// <summary>The container of backups, held against the real <c>age</c>.</summary>
public sealed class AgeTests : IDisposable
{
    private static readonly AgeX25519Identity Owner = AgeX25519Identity.Make();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-age-");

    /// <summary>In bytes: nothing, less than a piece, whole pieces, and what is around them.</summary>
    public static TheoryData<int> Lengths => [0, 1, 65_535, 65_536, 65_537, 131_072, 200_001];

    private string Plain => Path.Combine(_folder.FullName, "plain");

    private string Sealed => Path.Combine(_folder.FullName, "sealed.age");

    private string KeyFile => Path.Combine(_folder.FullName, "key");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task What_we_write_age_opens_and_what_age_writes_we_open(int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);
        await File.WriteAllBytesAsync(Sealed, Seal(content, Owner.Recipient, AgeX25519Identity.Make().Recipient), Cancel);
        await File.WriteAllTextAsync(KeyFile, Owner.Reveal() + "\n", Cancel);

        (await Shell.RunAsync(["age", "-d", "-i", KeyFile, "-o", Plain, Sealed], Cancel)).OrThrow();
        Assert.Equal(content, File.Exists(Plain) ? await File.ReadAllBytesAsync(Plain, Cancel) : []); // age makes no file of nothing

        await File.WriteAllBytesAsync(Plain, content, Cancel);
        (await Shell.RunAsync(["age", "-r", $"{AgeX25519Identity.Make().Recipient}", "-r", $"{Owner.Recipient}", "-o", Sealed, Plain], Cancel)).OrThrow();
        Assert.Equal(content, Open(await File.ReadAllBytesAsync(Sealed, Cancel), Owner));
    }

    [Fact]
    public async Task Keys_are_those_of_age_keygen()
    {
        await File.WriteAllTextAsync(KeyFile, Owner.Reveal() + "\n", Cancel);
        Assert.Equal($"{Owner.Recipient}\n", (await Shell.RunAsync(["age-keygen", "-y", KeyFile], Cancel)).OrThrow());

        (await Shell.RunAsync(["age-keygen", "-o", Plain], Cancel)).OrThrow();
        var theirs = AgeX25519Identity.TryParse((await File.ReadAllLinesAsync(Plain, Cancel))[^1])!;
        Assert.Equal($"{theirs.Recipient}\n", (await Shell.RunAsync(["age-keygen", "-y", Plain], Cancel)).OrThrow());
    }

    /// <summary>age asks for it at a terminal: <c>script</c> is one.</summary>
    [Fact]
    public async Task A_passphrase_opens_on_both_sides()
    {
        var content = RandomNumberGenerator.GetBytes(70_000);
        var passphrase = new AgePassphrase("a long road to Narvik");
        await File.WriteAllBytesAsync(Sealed, Seal(content, passphrase.Recipient), Cancel);

        await Shell.RunAsync(["script", "-qec", $"age -d -o {Plain} {Sealed}", "/dev/null"], "a long road to Narvik\n", Cancel);
        Assert.Equal(content, await File.ReadAllBytesAsync(Plain, Cancel));

        File.Delete(Sealed);
        await Shell.RunAsync(["script", "-qec", $"age -p -o {Sealed} {Plain}", "/dev/null"], "a long road to Narvik\na long road to Narvik\n", Cancel);
        var theirs = await File.ReadAllBytesAsync(Sealed, Cancel);
        Assert.Equal(content, Open(theirs, passphrase.Identity));
        Assert.Null(AgeReader.Open(new MemoryStream(theirs), new AgePassphrase("a long road to Narvík").Identity));
    }

    [Fact]
    public void Whom_it_is_not_for_opens_nothing() =>
        Assert.Null(AgeReader.Open(new MemoryStream(Seal([1, 2, 3], Owner.Recipient)), AgeX25519Identity.Make()));

    [Fact]
    public void What_was_changed_or_cut_off_anywhere_is_refused()
    {
        var whole = Seal(RandomNumberGenerator.GetBytes(150_000), Owner.Recipient);
        Prop.ForAll(
            Gen.Choose(0, whole.Length - 1).ToArbitrary(),
            Gen.Choose(1, 255).ToArbitrary(),
            (at, flip) =>
            {
                var changed = whole.ToArray();
                changed[at] ^= (byte)flip;
                return IsRefused(changed) && IsRefused(whole[..at]) && IsRefused([.. whole, (byte)flip]);
            }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("")]
    [InlineData("age1")]
    [InlineData("AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN")]
    public void What_is_no_key_is_none(string text)
    {
        Assert.Null(AgeX25519Recipient.TryParse(text));
        Assert.Null(AgeX25519Identity.TryParse(text));
    }

    [Fact]
    public void A_key_with_a_slip_of_the_pen_is_none()
    {
        var text = Owner.Recipient.ToString();
        Assert.All(Enumerable.Range(4, text.Length - 4), at =>
            Assert.Null(AgeX25519Recipient.TryParse(text[..at] + (text[at] == 'q' ? 'p' : 'q') + text[(at + 1)..])));
        Assert.NotNull(AgeX25519Recipient.TryParse(text.ToUpperInvariant()));
        Assert.Null(AgeX25519Recipient.TryParse("A" + text[1..]));
    }

    /// <summary>The order of these points is small: whatever the secret, what is shared is zero.</summary>
    [Fact]
    public void A_public_key_that_shares_nothing_is_none() => Assert.All(
        (byte[][])[new byte[32], [1, .. new byte[31]]],
        point => Assert.Null(AgeX25519Recipient.TryParse(Bech32.Encode("age", point))));

    [Fact]
    public void A_file_that_asks_for_more_memory_than_there_is_is_refused()
    {
        var header = $"age-encryption.org/v1\n-> scrypt {new string('A', 22)} 30\n{new string('A', 43)}\n--- {new string('A', 43)}\n";
        using var file = new MemoryStream(System.Text.Encoding.ASCII.GetBytes(header));
        var refused = Assert.Throws<InvalidDataException>(() => AgeReader.Open(file, new AgePassphrase("x").Identity));
        Assert.Contains("2^30", refused.Message, StringComparison.Ordinal);
    }

    private static bool IsRefused(byte[] file)
    {
        try
        {
            return AgeReader.Open(new MemoryStream(file), Owner) is not { } reader || Drain(reader) is null;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }

    private static byte[] Seal(byte[] content, params AgeRecipient[] recipients)
    {
        using var to = new MemoryStream();
        using (var age = new AgeWriter(to, recipients))
        {
            age.Write(content);
            age.Complete();
        }

        return to.ToArray();
    }

    private static byte[]? Open(byte[] file, AgeIdentity identity) => Drain(AgeReader.Open(new MemoryStream(file), identity)!);

    private static byte[] Drain(AgeReader reader)
    {
        using var to = new MemoryStream();
        using (reader)
        {
            reader.CopyTo(to);
        }

        return to.ToArray();
    }
}
