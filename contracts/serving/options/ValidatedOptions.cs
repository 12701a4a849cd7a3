using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TradeProcessor.Serving;

/// <summary>A section of the configuration and the class that it binds to.</summary>
internal sealed record ValidatedSection(string Name, Type Type);

public static class ValidatedOptions
{
    /// <summary>
    /// Binds a section to an options class and validates it at start: unknown keys, values that
    /// are not of the type, data annotations and <c>IValidatableObject</c>. Several classes may
    /// share a section; a second call for the same class changes nothing. An annotation with an
    /// <c>ErrorMessage</c> ("must be …") speaks for itself; <c>[DataType(DataType.Password)]</c>
    /// keeps a value out of the message.
    /// </summary>
    public static OptionsBuilder<TOptions> AddValidated<TOptions>(
        this IServiceCollection services, string section)
        where TOptions : class, new()
    {
        var options = services.AddOptions<TOptions>();
        var own = new ValidatedSection(section, typeof(TOptions));
        if (services.Any(service => own.Equals(service.ImplementationInstance)))
            return options;
        services.AddSingleton(own);
        services.AddSingleton<IConfigureOptions<TOptions>>(provider => new Binding<TOptions>(
            provider.GetRequiredService<IConfiguration>().GetSection(section),
            [.. provider.GetServices<ValidatedSection>()
                .Where(other => other.Name == section)
                .Select(other => other.Type)]));
        services.AddSingleton<IValidateOptions<TOptions>>(new Validation<TOptions>(section));
        return options.ValidateOnStart();
    }

    private sealed class Binding<TOptions>(IConfigurationSection section, Type[] types)
        : IConfigureOptions<TOptions>
        where TOptions : class
    {
        public void Configure(TOptions options)
        {
            var problems = OptionsCheck.Configured(section, typeof(TOptions), types);
            if (problems.Count > 0)
                throw new OptionsValidationException(section.Path, typeof(TOptions), problems);
            section.Bind(options);
        }
    }

    private sealed class Validation<TOptions>(string section) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            var problems = OptionsCheck.Final(options, section);
            return problems.Count > 0
                ? ValidateOptionsResult.Fail(problems)
                : ValidateOptionsResult.Success;
        }
    }
}
