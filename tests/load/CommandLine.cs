using System.CommandLine;

namespace TradeProcessor.Load;

/// <summary>The options and what may not go together. Exit code 2 for wrong usage.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, Func<LoadOptions, Task<int>> run)
    {
        var options = new OptionSet();
        var root = new RootCommand(
            "Sends trades to TradeProcessor and checks what it made of them. Generates them from a "
            + "seed, sends files, or holds connections open.");
        foreach (var option in options.All)
            root.Add(option);

        root.SetAction(async (parsed, _) =>
        {
            LoadOptions read;
            try
            {
                read = options.Read(parsed);
            }
            catch (UsageException e)
            {
                return Fail(e.Message);
            }

            return await run(read);
        });

        var parsed = root.Parse(args);
        // The library would answer with the whole help and exit code 1.
        if (parsed.Errors.Count > 0)
            return Fail($"{Plain(parsed.Errors[0].Message)} (--help lists the options)");

        // Interrupt handles Ctrl-C: the library's own handler would end the process in two seconds.
        var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null };
        return await parsed.InvokeAsync(configuration);
    }

    // "… as expected type 'System.Nullable`1[System.Int64]'" helps nobody at a shell.
    private static string Plain(string message) => message.Split(" as expected type")[0];

    public static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 2;
    }
}
