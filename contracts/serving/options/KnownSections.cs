using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection;
using TradeProcessor.Contracts;

namespace TradeProcessor.Serving;

/// <summary>
/// Refuses keys of sections that no service has, in arguments and in appsettings: a typing error
/// must not send data to the default directory. Environment variables are full of other
/// programs' names, so those are not looked at.
/// </summary>
internal static class KnownSections
{
    private static readonly string[] OfTheFramework =
    [
        "urls", "http_ports", "https_ports", "environment", "contentRoot", "applicationName",
        "Logging", "AllowedHosts", "Kestrel",
    ];

    /// <exception cref="StartRefusedException">Names the first unknown key.</exception>
    public static void Check(
        IReadOnlyList<string> args, IConfigurationRoot configuration, IServiceProvider services)
    {
        var own = services.GetServices<ValidatedSection>()
            .Select(section => section.Name)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        if (own.Count == 0)
            return;
        var known = own.Concat(OfTheFramework).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var files = configuration.Providers.OfType<JsonConfigurationProvider>();
        var keys = args.Where(IsKey).Select(KeyOf)
            .Concat(files.SelectMany(file => file.GetChildKeys([], parentPath: null)));
        foreach (var key in keys.Where(key => !known.Contains(key.Split(':')[0])))
        {
            throw new StartRefusedException(
                $"{key}: unknown key; there are urls, {string.Join(", ", own.Select(x => $"{x}:…"))}");
        }
    }

    private static bool IsKey(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal) && argument.Length > 2;

    private static string KeyOf(string argument) => argument[2..].Split('=')[0];
}
