using System.Globalization;

namespace TradeProcessor.Worker;

internal enum DeadVerb
{
    List,
    Replay,
    Purge,
}

/// <summary>What the command <c>dead</c> is to do.</summary>
/// <param name="Id">Null for all.</param>
/// <param name="Settings">The rest, for the configuration.</param>
internal sealed record DeadArguments(
    DeadVerb Verb, string? Id, int Limit, bool AsJson, bool Yes, string[] Settings)
{
    private const int DefaultLimit = 100;

    /// <summary>Null where they are not understood.</summary>
    public static DeadArguments? TryParse(string[] args)
    {
        if (args is not [var name, .. var rest]
            || name.Any(character => !char.IsAsciiLetterLower(character))
            || !Enum.TryParse<DeadVerb>(name, ignoreCase: true, out var verb))
        {
            return null;
        }
        var asked = new DeadArguments(verb, null, DefaultLimit, false, false, []);
        if (verb != DeadVerb.List && rest is [var id, .. var behind] && !id.StartsWith('-'))
            (asked, rest) = (asked with { Id = id }, behind);
        var settings = new List<string>();
        for (var i = 0; i < rest.Length; i++)
        {
            switch (rest[i])
            {
                case "--json" when verb == DeadVerb.List:
                    asked = asked with { AsJson = true };
                    break;
                case "--yes" when verb == DeadVerb.Purge:
                    asked = asked with { Yes = true };
                    break;
                case "--limit" when verb == DeadVerb.List:
                    if (LimitOf(rest.ElementAtOrDefault(++i)) is not { } limit)
                        return null;
                    asked = asked with { Limit = limit };
                    break;
                default:
                    if (!TryTakeSetting(rest, ref i, settings))
                        return null;
                    break;
            }
        }
        return asked with { Settings = [.. settings] };
    }

    // --Section:Key=value, or --Section:Key value.
    private static bool TryTakeSetting(string[] args, ref int i, List<string> settings)
    {
        if (!args[i].StartsWith("--", StringComparison.Ordinal) || args[i].Length == 2)
            return false;
        settings.Add(args[i]);
        if (args[i].Contains('='))
            return true;
        if (i + 1 == args.Length)
            return false;
        settings.Add(args[++i]);
        return true;
    }

    private static int? LimitOf(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
        && limit > 0 ? limit : null;
}
