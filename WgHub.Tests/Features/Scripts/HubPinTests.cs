using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WgHub.Features.Tls;
using WgHub.TestKit;

namespace WgHub.Features.Scripts;

/// <summary>The class that the Windows script compiles there, compiled here.</summary>
public sealed class HubPinTests
{
    public static TheoryData<AsymmetricAlgorithm> Keys =>
        [RSA.Create(2048), ECDsa.Create(ECCurve.NamedCurves.nistP256), ECDsa.Create(ECCurve.NamedCurves.nistP521)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void It_computes_what_curl_computes(AsymmetricAlgorithm key)
    {
        var request = key is RSA rsa
            ? new CertificateRequest("CN=hub", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest("CN=hub", (ECDsa)key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));

        Assert.Equal($"sha256//{Convert.ToBase64String(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))}", HubPin.PinOf(certificate));
    }

    [Fact]
    public async Task It_lets_the_hub_in_and_nobody_else()
    {
        await using var hub = new TestHub { Urls = ["https://127.0.0.1:0"], IsSetUp = false };
        await hub.InitializeAsync();
        var pin = hub.Get<Certificates>().Current!.Pin;

        await ShakeHandsAsync(hub.Url, pin);
        await Assert.ThrowsAsync<AuthenticationException>(() => ShakeHandsAsync(hub.Url, $"sha256//{new string('A', 43)}="));
        Assert.Contains($"$HubPin = '{pin}' ", (await hub.Nobody.GetAsync(WindowsScript.Path)).Body, StringComparison.Ordinal);
    }

    private static async Task ShakeHandsAsync(string url, string pin)
    {
        var hub = new Uri(url);
        using var connection = new TcpClient();
        await connection.ConnectAsync(hub.Host, hub.Port, Cancel);
        await using var tls = new SslStream(connection.GetStream(), leaveInnerStreamOpen: false, HubPin.CheckFor(pin));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = hub.Host }, Cancel);
    }
}
