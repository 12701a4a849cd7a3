using TradeProcessor.Contracts;

namespace TradeProcessor.Serving;

/// <summary>
/// Arguments are settings alone: <c>--Key value</c> or <c>--Key=value</c>. The configuration leaves
/// out in silence what it does not understand; a directory without its key would be as good as
/// none, and the default one would be used.
/// </summary>
internal static class ArgumentSyntax
{
    /// <exception cref="StartRefusedException">Names the first that is none.</exception>
    public static void Check(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var argument = args[i];
            if (!IsKey(argument))
            {
                throw new StartRefusedException(
                    $"'{argument}': not understood; settings are --Key value or --Key=value");
            }
            if (argument.Contains('=', StringComparison.Ordinal))
                continue;
            if (i + 1 == args.Count || IsKey(args[i + 1]))
                throw new StartRefusedException($"{argument}: its value is missing");
            i++;
        }
    }

    private static bool IsKey(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal) && argument.Length > 2;
}
