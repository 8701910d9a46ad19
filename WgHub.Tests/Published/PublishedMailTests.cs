using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WgHub.TestKit;

namespace WgHub.Published;

/// <summary>The one file, trimmed and compiled ahead of time, before a mail server with STARTTLS, a certificate of one's own and a password.</summary>
[Trait("Kind", "Published")]
public sealed class PublishedMailTests
{
    private const string Python = "/usr/bin/python3";
    private const string Password = "a password of the mail server's";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task It_sends_mail_over_TLS_with_a_password_and_to_nobody_it_does_not_trust()
    {
        Assert.SkipUnless(
            File.Exists(Python) && (await Shell.RunAsync([Python, "-c", "import aiosmtpd"], Cancel)).ExitCode == 0, "python3-aiosmtpd is not to be had here.");
        var folder = Directory.CreateTempSubdirectory("wghub-smtp-");
        var port = ReverseProxy.FreePort().ToString(CultureInfo.InvariantCulture);
        var (certificate, key, log) = (InFolder("cert.pem"), InFolder("key.pem"), InFolder("log"));
        WriteCertificate(certificate, key);
        await File.WriteAllTextAsync(InFolder("password"), $"{Password}\n", Cancel);
        File.SetUnixFileMode(InFolder("password"), UnixFileMode.UserRead);
        using var server = ShellProcess.Start(
            [Python, "-u", Repository.PathOf("WgHub.Tests/Features/Notifications/sink.py"), port, certificate, key, Password], log,
            new Dictionary<string, string>());
        string[] settings =
        [
            "WGHUB_Mail__Host=127.0.0.1", $"WGHUB_Mail__Port={port}", "WGHUB_Mail__From=hub@example.com", "WGHUB_Mail__User=hub",
            $"WGHUB_Mail__PasswordFile={InFolder("password")}",
        ];
        try
        {
            Assert.True(
                await Eventually.TrueAsync(() => File.Exists(log) && File.ReadAllText(log).Contains("ready", StringComparison.Ordinal), Patience, Cancel));
            Assert.Equal((false, "The mail server's certificate is not trusted, or is for another name."), await TestAsync(settings));
            Assert.Equal((true, "The mail server took it, but not for nobody@example.com."), await TestAsync([.. settings, $"SSL_CERT_FILE={certificate}"]));

            var mail = await File.ReadAllTextAsync(log, Cancel);
            Assert.Contains("BY hub TO ops@example.com", mail, StringComparison.Ordinal);
            Assert.Contains("Subject: [WgHub] This is a test: notifications of this hub come through.", mail, StringComparison.Ordinal);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync(Patience, CancellationToken.None);
            folder.Delete(recursive: true);
        }

        string InFolder(string name) => Path.Combine(folder.FullName, name);
    }

    private static async Task<(bool Delivered, string Said)> TestAsync(string[] settings)
    {
        await using var hub = new PublishedHub { More = settings };
        await hub.StartAsync(Cancel);
        using var admin = await hub.SignInAsync("admin", Cancel);
        var wish = new { name = "ops", kind = "mail", target = "nobody@example.com,ops@example.com", level = "warning" };
        var made = (await admin.PostAsync("/api/notifications", wish)).Expect(HttpStatusCode.Created);
        var test = (await admin.PostAsync($"/api/notifications/{made.Text("channel", "id")}/test", new { })).Expect(HttpStatusCode.OK);
        return (test.At("delivered").GetBoolean(), test.Text("said")!);
    }

    private static void WriteCertificate(string certificateFile, string keyFile)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(9));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
    }
}
