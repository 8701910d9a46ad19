using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Auth.Accounts;

/// <summary>Keeps the framework's antiforgery keys in the database, under the master key: forms stay valid over a restart, and nothing lies in clear.</summary>
internal sealed class SealedKeyRing(Database database, MasterKey masterKey) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => database.Read(tx => tx.Query(
        $"select name, sealed_xml from data_protection_keys",
        row => XElement.Parse(SealedColumns.KeyRing.Open(masterKey, row.Text("name"), row.Text("sealed_xml")).Reveal())));

    public void StoreElement(XElement element, string friendlyName)
    {
        var sealedXml = SealedColumns.KeyRing.Seal(masterKey, friendlyName, new(element.ToString(SaveOptions.DisableFormatting)));
#pragma warning disable RS0030 // the framework's interface is synchronous; it happens once in ninety days
        database.WriteAsync(
            tx => tx.Execute($"insert into data_protection_keys (name, sealed_xml) values ({friendlyName}, {sealedXml})"), CancellationToken.None)
            .GetAwaiter()
            .GetResult();
#pragma warning restore RS0030
    }
}
