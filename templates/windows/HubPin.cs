// Compiled on the spoke by Windows PowerShell 5.1, which knows C# 5 and no LINQ, and in our tests. It goes into the
// script as one line, so there is no comment below.
using System;
using System.Collections.Generic;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WgHub
{
    public static class HubPin
    {
        private static readonly byte[] Rsa = { 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01 };
        private static readonly byte[] Elliptic = { 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01 };

        public static RemoteCertificateValidationCallback CheckFor(string pin)
        {
            return (sender, certificate, chain, errors) => certificate != null && PinOf(new X509Certificate2(certificate)) == pin;
        }

        public static string PinOf(X509Certificate2 certificate)
        {
            PublicKey key = certificate.PublicKey;
            byte[] algorithm = Der(0x30, key.Oid.Value == "1.2.840.10045.2.1" ? Elliptic : Rsa, key.EncodedParameters.RawData);
            byte[] info = Der(0x30, algorithm, Der(0x03, new byte[1], key.EncodedKeyValue.RawData));
            using (SHA256 sha256 = SHA256.Create())
            {
                return "sha256//" + Convert.ToBase64String(sha256.ComputeHash(info));
            }
        }

        private static byte[] Der(byte tag, params byte[][] parts)
        {
            List<byte> content = new List<byte>();
            foreach (byte[] part in parts)
            {
                content.AddRange(part);
            }

            List<byte> whole = new List<byte> { tag };
            if (content.Count >= 0x100)
            {
                whole.Add(0x82);
                whole.Add((byte)(content.Count >> 8));
            }
            else if (content.Count >= 0x80)
            {
                whole.Add(0x81);
            }

            whole.Add((byte)content.Count);
            whole.AddRange(content);
            return whole.ToArray();
        }
    }
}
