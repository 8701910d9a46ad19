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
    public const string Credential = "systemd credential 'master'";

    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const byte Version = 1;

    private readonly AesGcm _aes;
    private readonly Lock _lock = new();

    private MasterKey(byte[] key, string source)
    {
        _aes = new(key, TagBytes);
        Text = Convert.ToBase64String(key);
        Source = source;
    }

    /// <summary>Where the key is from: <see cref="Variable"/>, <see cref="Credential"/>, or its file's path.</summary>
    public string Source { get; }

    /// <summary>In base64, as it lies in a file.</summary>
    public Secret Text { get; }

    /// <summary>True when whoever starts the hub gives the key, and the hub has no file of it.</summary>
    public bool IsFromOutside => Source is Variable or Credential;

    /// <summary>One that opens nothing, for whoever reads a database without its key.</summary>
    public static MasterKey Unknown() => new(RandomNumberGenerator.GetBytes(KeyBytes), "nowhere");

    /// <returns>Null when neither the credential nor the variable is there.</returns>
    /// <exception cref="InvalidDataException">Not 32 bytes of base64.</exception>
    public static MasterKey? FromOutside()
    {
        if (Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is { Length: > 0 } credentials
            && Path.Combine(credentials, "master") is var credential && File.Exists(credential))
        {
            return new(Decode(File.ReadAllText(credential), "The " + Credential), Credential);
        }

        return Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? new(Decode(text, Variable), Variable) : null;
    }

    /// <exception cref="InvalidDataException">The key is not 32 bytes of base64, or its file can be read or changed by others.</exception>
    public static MasterKey FromFile(string file)
    {
        var name = Path.GetFileName(file);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & PrivateFiles.Others) != 0)
        {
            throw new InvalidDataException($"The file {name} can be read or changed by others. Run: chmod 600 {file}");
        }

        return new(Decode(File.ReadAllText(file), $"The file {name}"), file);
    }

    /// <summary>
    /// Makes a key in a file. Written whole under another name first: a run that was cut short leaves no half key, and of two at once one wins.
    /// </summary>
    public static void Make(string file)
    {
        var draft = $"{file}.{Environment.ProcessId}";
        File.Delete(draft); // of a process before with the same number
        using (var stream = PrivateFiles.Create(draft))
        {
            stream.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)) + "\n"));
            stream.Flush(flushToDisk: true);
        }

        Privileges.GiveToOwnerOfFolder(draft);
        try
        {
            File.Move(draft, file, overwrite: false);
            PrivateFiles.SyncFolderOf(file);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(draft);
        }
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
        lock (_lock)
        {
            // AesGcm keeps one context: two threads in it at once would seal with each other's nonce.
            _aes.Encrypt(
                box.AsSpan(1, NonceBytes),
                plain,
                box.AsSpan(1 + NonceBytes + TagBytes),
                box.AsSpan(1 + NonceBytes, TagBytes),
                Encoding.UTF8.GetBytes(identity));
        }

        return Convert.ToBase64String(box);
    }

    /// <exception cref="CryptographicException">Another master key sealed it, it was changed, or it belongs to something else.</exception>
    /// <exception cref="FormatException">It is no base64.</exception>
    public string Open(string sealedSecret, string identity)
    {
        var box = Convert.FromBase64String(sealedSecret);
        if (box.Length < 1 + NonceBytes + TagBytes || box[0] != Version)
        {
            throw new CryptographicException("Not a secret sealed by WgHub.");
        }

        var plain = new byte[box.Length - 1 - NonceBytes - TagBytes];
        lock (_lock)
        {
            _aes.Decrypt(
                box.AsSpan(1, NonceBytes),
                box.AsSpan(1 + NonceBytes + TagBytes),
                box.AsSpan(1 + NonceBytes, TagBytes),
                plain,
                Encoding.UTF8.GetBytes(identity));
        }

        return Encoding.UTF8.GetString(plain);
    }

    /// <summary>True when <see cref="Open"/> would not refuse.</summary>
    public bool Opens(string sealedSecret, string identity)
    {
        try
        {
            Open(sealedSecret, identity);
            return true;
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return false;
        }
    }

    public void Dispose() => _aes.Dispose();

    private static byte[] Decode(string text, string source)
    {
        var key = new byte[KeyBytes + 1];
        return Convert.TryFromBase64String(text.Trim(), key, out var length) && length == KeyBytes
            ? key[..KeyBytes]
            : throw new InvalidDataException($"{source} does not hold 32 bytes of base64, such as 'openssl rand -base64 32' makes.");
    }
}
