using System.Collections;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace TradeProcessor.Serving;

/// <summary>
/// Compares a section of the configuration, or an options object, with what the options class
/// allows. One line for each problem: <c>Intake:Capacity = 'x': must be …</c>.
/// </summary>
internal sealed class OptionsCheck
{
    private const int ShownValueLength = 100;

    private readonly List<string> _problems = [];

    /// <param name="type">The class whose values are checked.</param>
    /// <param name="all">All classes that the section binds to; their keys are known.</param>
    public static List<string> Configured(
        IConfigurationSection section, Type type, IReadOnlyCollection<Type> all)
    {
        var check = new OptionsCheck();
        check.UnknownKeys(section, [.. all.SelectMany(Properties)]);
        check.Section(section, type);
        return check._problems;
    }

    public static List<string> Final(object options, string path)
    {
        var check = new OptionsCheck();
        check.Values(options, path);
        return check._problems;
    }

    private void UnknownKeys(IConfigurationSection section, List<PropertyInfo> known)
    {
        foreach (var child in section.GetChildren())
        {
            if (!known.Exists(property => IsNamed(property, child.Key)))
            {
                var names = string.Join(", ", known.Select(property => property.Name).Distinct());
                Add(child.Path, child.Value, $"unknown key; {section.Path} has {names}");
            }
        }
    }

    private void Section(IConfigurationSection section, Type type)
    {
        if (!string.IsNullOrEmpty(section.Value))
            Add(section.Path, section.Value, "must be a section, not a value");
        foreach (var property in Properties(type))
        {
            var child = section.GetSection(property.Name);
            if (child.Exists())
                Property(child, property);
        }
    }

    private void Property(IConfigurationSection section, PropertyInfo property)
    {
        var type = Plain(property.PropertyType);
        if (IsScalar(type))
        {
            Scalar(section, property, type, withRules: true);
        }
        else if (ElementOf(type) is { } element)
        {
            foreach (var child in section.GetChildren())
            {
                if (IsScalar(element))
                    Scalar(child, property, element, withRules: false);
                else
                    Nested(child, element);
            }
        }
        else if (!typeof(IDictionary).IsAssignableFrom(type))
        {
            Nested(section, type);
        }
    }

    private void Nested(IConfigurationSection section, Type type)
    {
        UnknownKeys(section, [.. Properties(type)]);
        Section(section, type);
    }

    private void Scalar(
        IConfigurationSection section, PropertyInfo property, Type type, bool withRules)
    {
        ValidationAttribute? broken = null;
        if (TryConvert(section.Value, type, out var value))
        {
            broken = withRules ? BrokenRule(property, value) : null;
            if (broken is null)
                return;
        }
        Add(section.Path, IsSecret(property) ? "***" : section.Value,
            AllowedValues.Describe(property, type, broken));
    }

    private void Values(object options, string path)
    {
        foreach (var property in Properties(options.GetType()))
        {
            var value = property.GetValue(options);
            var type = Plain(property.PropertyType);
            if (BrokenRule(property, value) is { } broken)
            {
                var shown = Convert.ToString(value, CultureInfo.InvariantCulture);
                Add($"{path}:{property.Name}", IsSecret(property) ? "***" : shown,
                    AllowedValues.Describe(property, type, broken));
            }
            else if (value is not null && !IsScalar(type) && value is not IEnumerable)
            {
                Values(value, $"{path}:{property.Name}");
            }
        }
        if (options is IValidatableObject whole)
            Whole(whole, path);
    }

    private void Whole(IValidatableObject options, string path)
    {
        foreach (var result in options.Validate(new ValidationContext(options)))
        {
            var name = result.MemberNames.FirstOrDefault();
            var value = name is null ? null : Member(options, name);
            Add(name is null ? path : $"{path}:{name}",
                Convert.ToString(value, CultureInfo.InvariantCulture),
                result.ErrorMessage ?? "is not allowed");
        }
    }

    /// <param name="name">Of a property, or of an element of a list: <c>Extra:0</c>.</param>
    private static object? Member(object options, string name)
    {
        var parts = name.Split(':');
        var value = options.GetType().GetProperty(parts[0])?.GetValue(options);
        return parts.Length > 1 && value is IEnumerable list
            ? list.Cast<object?>().ElementAtOrDefault(int.Parse(parts[1], CultureInfo.InvariantCulture))
            : value;
    }

    private void Add(string path, string? value, string problem)
    {
        var shown = value is null or { Length: <= ShownValueLength }
            ? value
            : value[..ShownValueLength] + "…";
        var line = $"{path} = '{shown}': {problem}";
        _problems.Add(string.Concat(line.Select(c => char.IsControl(c) ? ' ' : c)));
    }

    private static ValidationAttribute? BrokenRule(PropertyInfo property, object? value) =>
        property.GetCustomAttributes<ValidationAttribute>()
            .FirstOrDefault(rule => !IsSatisfied(rule, value));

    private static bool IsSatisfied(ValidationAttribute rule, object? value)
    {
        try
        {
            return rule.IsValid(value);
        }
        catch (OverflowException)
        {
            return false; // a long against a range of int
        }
    }

    private static bool TryConvert(string? text, Type type, out object? value)
    {
        value = null;
        // As a duration, 5 would be five days.
        if (text is null || (type == typeof(TimeSpan) && !text.Contains(':')))
            return false;
        try
        {
            value = TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
            return !type.IsEnum || Enum.IsDefined(type, value!);
        }
        catch (Exception)
        {
            return false; // converters wrap what they throw in types of their own choice
        }
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { IsPublic: true }
                && property.GetIndexParameters().Length == 0);

    private static bool IsNamed(PropertyInfo property, string key) =>
        string.Equals(property.Name, key, StringComparison.OrdinalIgnoreCase);

    private static bool IsSecret(PropertyInfo property) =>
        property.GetCustomAttribute<DataTypeAttribute>()?.DataType == DataType.Password;

    private static bool IsScalar(Type type) =>
        type == typeof(string) || TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    private static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static Type? ElementOf(Type type)
    {
        if (type.IsArray)
            return type.GetElementType();
        return type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type)
            && type.GetGenericArguments() is [var element]
                ? Plain(element)
                : null;
    }
}
