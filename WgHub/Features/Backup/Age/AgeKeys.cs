namespace WgHub.Features.Backup.Age;

/// <summary>Whom a file is encrypted for.</summary>
internal abstract class AgeRecipient
{
    public abstract AgeStanza Wrap(ReadOnlySpan<byte> fileKey);
}

/// <summary>Who opens a file.</summary>
internal abstract class AgeIdentity
{
    /// <returns>The key of the file; null when none of the stanzas is for this identity.</returns>
    /// <exception cref="InvalidDataException">A stanza for it is damaged, or asks for more than it should.</exception>
    public abstract byte[]? Unwrap(IReadOnlyList<AgeStanza> stanzas);
}
