using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace WgHub.Hosting;

/// <summary>Looks at the texts of settings before they are read: what is wrong is told with its name, what it is, and what it may be.</summary>
internal static class SettingValues
{
    /// <exception cref="OptionsValidationException">A value is of the wrong type, or not one that the property's attributes allow.</exception>
    public static void Check<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(IConfigurationSection section)
    {
        foreach (var property in typeof(T).GetProperties().Where(property => property.CanWrite))
        {
            if (section[property.Name] is { } value && !IsAllowed(property, value))
            {
                var name = $"{section.Path}:{property.Name}";
                throw new OptionsValidationException(name, typeof(T), [$"{name} is '{value}': it takes {AllowedOf(property)}."]);
            }
        }
    }

    private static bool IsAllowed(PropertyInfo property, string value)
    {
        object? parsed = value;
        if (property.PropertyType == typeof(int))
        {
            parsed = int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        else if (property.PropertyType == typeof(bool))
        {
            parsed = bool.TryParse(value, out var isTrue) ? isTrue : null;
        }

        return parsed is not null && property.GetCustomAttributes<ValidationAttribute>().All(attribute => attribute.IsValid(parsed));
    }

    private static string AllowedOf(PropertyInfo property) =>
        property.PropertyType == typeof(bool) ? "true or false"
        : property.GetCustomAttribute<RangeAttribute>() is { } range ? $"a whole number from {range.Minimum} to {range.Maximum}"
        : property.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed ? $"one of {string.Join(", ", allowed.Values)}"
        : property.GetCustomAttributes<ValidationAttribute>().Select(attribute => attribute.ErrorMessage).OfType<string>().First();
}
