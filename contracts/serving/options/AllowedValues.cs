using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace TradeProcessor.Serving;

/// <summary>Says what an option may be: <c>must be a whole number from 1 to 9</c>.</summary>
internal static class AllowedValues
{
    /// <param name="broken">The rule that is broken; null for a value of another type.</param>
    public static string Describe(PropertyInfo property, Type type, ValidationAttribute? broken)
    {
        var rules = property.GetCustomAttributes<ValidationAttribute>().ToList();
        var own = broken ?? rules.Find(rule => rule.ErrorMessage is not null);
        if (own?.ErrorMessage is not null)
            return own.ErrorMessage;
        var text = $"must be {Noun(type)}";
        foreach (var rule in rules.Where(rule => rule.ErrorMessage is null))
        {
            text += rule switch
            {
                RangeAttribute range => $" from {Number(range.Minimum)} to {Number(range.Maximum)}",
                StringLengthAttribute length =>
                    $" of {length.MinimumLength} to {length.MaximumLength} characters",
                MinLengthAttribute least => $" of at least {least.Length}",
                MaxLengthAttribute most => $" of at most {most.Length}",
                AllowedValuesAttribute allowed => $" out of {string.Join(", ", allowed.Values)}",
                RegularExpressionAttribute pattern => $" like {pattern.Pattern}",
                RequiredAttribute => " that is not empty",
                { } kind when kind.GetType() == typeof(DataTypeAttribute) => "",
                _ => $" ({rule.FormatErrorMessage(property.Name)})",
            };
        }
        return text;
    }

    private static string Noun(Type type)
    {
        if (type == typeof(bool))
            return "true or false";
        if (type == typeof(TimeSpan))
            return "a duration (hh:mm:ss)";
        if (type == typeof(string))
            return "text";
        if (type == typeof(Uri))
            return "an address";
        if (type.IsEnum)
            return $"one of {string.Join(", ", Enum.GetNames(type))}";
        return Type.GetTypeCode(type) switch
        {
            >= TypeCode.SByte and <= TypeCode.UInt64 => "a whole number",
            TypeCode.Single or TypeCode.Double or TypeCode.Decimal => "a number",
            _ => $"a {type.Name}",
        };
    }

    // A large bound is a double in the attribute; it is to be read without exponent.
    private static string? Number(object bound) =>
        bound is double number && double.IsInteger(number) && Math.Abs(number) < 1e30
            ? ((Int128)number).ToString(CultureInfo.InvariantCulture)
            : Convert.ToString(bound, CultureInfo.InvariantCulture);
}
