using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace WgHub.Hosting;

/// <summary>
/// The key under which secrets lie in the database. It comes from a systemd credential named <c>master</c>, from
/// <c>WGHUB_MASTER_KEY</c>, or from the file <c>master.key</c>, which is made at the first run; 32 bytes in base64.
/// </summary>
internal sealed class MasterKey : IDisposable
{
    public const string Variable = "WGHUB_MASTER_KEY";

    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const byte Version = 1;

    private readonly AesGcm _aes;

    private MasterKey(byte[] key) => _aes = new(key, TagBytes);

    /// <exception cref="InvalidDataException">The key is not 32 bytes of base64, or its file can be read by others.</exception>
    public static MasterKey Load(string file)
    {
        if (Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is { Length: > 0 } credentials
            && Path.Combine(credentials, "master") is var credential && File.Exists(credential))
        {
            return new(Decode(File.ReadAllText(credential), "The systemd credential 'master'"));
        }

        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text)
        {
            return new(Decode(text, Variable));
        }

        return new(FromFile(file));
    }

    /// <summary>Encrypts with AES-256-GCM and a random nonce.</summary>
    /// <param name="identity">What the secret belongs to, such as <c>hub:ID:private-key</c>: it opens nowhere else.</param>
    /// <returns>Version, nonce, tag and cipher text in base64.</returns>
    [SuppressMessage("Security", "CA5394", Justification = "The nonce is from RandomNumberGenerator.")]
    public string Seal(string secret, string identity)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var box = new byte[1 + NonceBytes + TagBytes + plain.Length];
        box[0] = Version;
        RandomNumberGenerator.Fill(box.AsSpan(1, NonceBytes));
        _aes.Encrypt(
            box.AsSpan(1, NonceBytes),
            plain,
            box.AsSpan(1 + NonceBytes + TagBytes),
            box.AsSpan(1 + NonceBytes, TagBytes),
            Encoding.UTF8.GetBytes(identity));
        return Convert.ToBase64String(box);
    }

    /// <exception cref="CryptographicException">Another master key sealed it, it was changed, or it belongs to something else.</exception>
    public string Open(string sealedSecret, string identity)
    {
        var box = Convert.FromBase64String(sealedSecret);
        if (box.Length < 1 + NonceBytes + TagBytes || box[0] != Version)
        {
            throw new CryptographicException("Not a secret sealed by WgHub.");
        }

        var plain = new byte[box.Length - 1 - NonceBytes - TagBytes];
        _aes.Decrypt(
            box.AsSpan(1, NonceBytes),
            box.AsSpan(1 + NonceBytes + TagBytes),
            box.AsSpan(1 + NonceBytes, TagBytes),
            plain,
            Encoding.UTF8.GetBytes(identity));
        return Encoding.UTF8.GetString(plain);
    }

    public void Dispose() => _aes.Dispose();

    private static byte[] FromFile(string file)
    {
        if (!File.Exists(file))
        {
            Create(file);
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0)
        {
            throw new InvalidDataException("The file master.key can be read by others. Run: chmod 600 on it.");
        }

        return Decode(File.ReadAllText(file), "The file master.key");
    }

    /// <summary>Written whole under another name first: a start that was cut short leaves no half key, and of two starts at once one wins.</summary>
    private static void Create(string file)
    {
        var draft = $"{file}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(draft, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)) + "\n"));
            stream.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(draft, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(draft);
        }
    }

    private static byte[] Decode(string text, string source)
    {
        var key = new byte[KeyBytes + 1];
        return Convert.TryFromBase64String(text.Trim(), key, out var length) && length == KeyBytes
            ? key[..KeyBytes]
            : throw new InvalidDataException($"{source} does not hold 32 bytes of base64.");
    }
}
