using System.Text;
using FsCheck;
using FsCheck.Fluent;
using WgHub.WireGuard;

namespace WgHub.TestKit;

/// <summary>Makers of values for properties.</summary>
internal static class Any
{
    public static readonly Gen<byte> Byte = Gen.Choose(0, 255).Select(number => (byte)number);

    public static readonly Gen<byte[]> KeyBytes = Byte.ArrayOf(32);

    public static readonly Gen<PublicKey> Key = KeyBytes.Select(bytes => PublicKey.Parse(Convert.ToBase64String(bytes)));

    /// <summary>A few keys that come again and again: what two sets have in common is the interesting part.</summary>
    public static readonly Gen<PublicKey> KnownKey =
        Gen.Choose(1, 12).Select(number => PublicKey.Parse(Convert.ToBase64String([(byte)number, .. new byte[30], 9])));

    public static readonly Gen<uint> Address = Byte.ArrayOf(4).Select(bytes => BitConverter.ToUInt32(bytes));

    /// <summary>Any text at all, with a weakness for characters that mean something to somebody.</summary>
    public static readonly Gen<string> Text = Gen.Frequency(
            (3, Gen.Elements("'\"`$\\!#&;|<>(){}[]*?~=%- \t/.@:,\u00e4\u202e\u2028".EnumerateRunes().ToArray())),
            (2, Gen.Choose(32, 126).Select(number => new Rune(number))))
        .ListOf().Select(runes => string.Concat(runes));

    /// <summary>Tries the property on many values and shows the smallest that breaks it.</summary>
    public static void Holds<T>(Gen<T> values, Func<T, bool> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(values.ToArbitrary(), property));
}
