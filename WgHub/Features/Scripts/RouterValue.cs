using System.Buffers;

namespace WgHub.Features.Scripts;

/// <summary>
/// Lets through what keys, addresses and lists of them, host names, numbers and spokes' names are made of. None of it means anything to sh or RouterOS,
/// quoted or not, so that one rule does for all.
/// </summary>
internal static class RouterValue
{
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=.:_,-");

    /// <exception cref="FormatException">A character that might mean something.</exception>
    public static string Check(string text) =>
        text.AsSpan().ContainsAnyExcept(Plain) ? throw new FormatException("A value that is no key, address, name or number.") : text;
}
