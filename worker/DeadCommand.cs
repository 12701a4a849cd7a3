using Microsoft.Extensions.DependencyInjection;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;

namespace TradeProcessor.Worker;

/// <summary>
/// <c>dead list | replay [id] | purge [id]</c>: frames that could not be counted, in Redis where
/// <c>Redis:Configuration</c> names one, otherwise in <c>Storage:Path</c>.
/// </summary>
public static class DeadCommand
{
    /// <summary>It could not be done, or not all of it.</summary>
    private const int FailedExitCode = 1;

    private const string Usage =
        "usage: dead list [--limit N] [--json] | dead replay [ID] | dead purge [ID] [--yes]\n"
        + "       [--Redis:Configuration ADDRESS | --Storage:Path DIR]";

    /// <param name="args">What stands behind <c>dead</c>.</param>
    /// <param name="hasFiles">
    /// Whether the default <c>Storage:Path</c> is looked into where no back end is named.
    /// </param>
    /// <returns>
    /// 0 done; 1 not done, or not for all; 2 not understood, or the back end cannot be opened.
    /// </returns>
    public static Task<int> RunAsync(string[] args, bool hasFiles) => RunAsync(
        args,
        hasFiles,
        new DeadConsole(
            Console.Out, Console.Error, Console.IsInputRedirected ? null : Console.In));

    internal static async Task<int> RunAsync(
        string[] args, bool hasFiles, DeadConsole console)
    {
        if (DeadArguments.TryParse(args) is not { } asked)
        {
            await console.Error.WriteLineAsync(Usage);
            return ServingHost.RefusedExitCode;
        }
        try
        {
            await using var app = DeadBackEnd.Build(asked.Settings, hasFiles);
            return await RunAsync(
                asked, app.Services.GetRequiredService<IDeadLetters>(), console);
        }
        catch (LogUnavailableException exception)
        {
            await console.Error.WriteLineAsync(
                $"{exception.Message} What was done so far is done; repeat the command.");
            return FailedExitCode;
        }
        catch (Exception exception) when (ServingHost.Refusals(exception) is { Count: > 0 } lines)
        {
            foreach (var line in lines.Distinct())
                await console.Error.WriteLineAsync(line);
            return ServingHost.RefusedExitCode;
        }
    }

    private static Task<int> RunAsync(
        DeadArguments asked, IDeadLetters letters, DeadConsole console) => asked.Verb switch
        {
            DeadVerb.List => ListAsync(asked, letters, console),
            DeadVerb.Replay => ReplayAsync(asked, letters, console),
            _ => PurgeAsync(asked, letters, console),
        };

    private static async Task<int> ListAsync(
        DeadArguments asked, IDeadLetters letters, DeadConsole console)
    {
        var report = await letters.ListAsync(asked.Limit, CancellationToken.None);
        if (asked.AsJson)
            console.Json(report);
        else
            console.Table(report);
        return 0;
    }

    private static async Task<int> ReplayAsync(
        DeadArguments asked, IDeadLetters letters, DeadConsole console)
    {
        var outcome = await letters.ReplayAsync(asked.Id, CancellationToken.None);
        foreach (var letter in outcome.Kept)
            await console.Error.WriteLineAsync($"{letter.Id} is damaged and stays.");
        return Finish("Replayed", asked, outcome, console);
    }

    private static async Task<int> PurgeAsync(
        DeadArguments asked, IDeadLetters letters, DeadConsole console)
    {
        if (!asked.Yes)
        {
            if (console.Input is null)
            {
                await console.Error.WriteLineAsync(
                    "dead purge deletes trades for good: add --yes where nobody can be asked.");
                return ServingHost.RefusedExitCode;
            }
            var report = await letters.ListAsync(1, CancellationToken.None);
            var question = asked.Id is { } id
                ? $"Delete the dead frame {id} for good? [y/N] "
                : $"Delete {report.Total} dead frames with {report.Trades} trades for good? [y/N] ";
            if (!await console.ConfirmAsync(question))
            {
                await console.Output.WriteLineAsync("Nothing was deleted.");
                return FailedExitCode;
            }
        }
        return Finish(
            "Deleted", asked, await letters.PurgeAsync(asked.Id, CancellationToken.None), console);
    }

    private static int Finish(
        string done, DeadArguments asked, DeadOutcome outcome, DeadConsole console)
    {
        if (asked.Id is not null && outcome is { Done: 0, Kept.Count: 0 })
        {
            console.Error.WriteLine($"There is no dead frame {asked.Id}.");
            return FailedExitCode;
        }
        console.Output.WriteLine(
            $"{done} {outcome.Done} {(outcome.Done == 1 ? "frame" : "frames")}.");
        return outcome.Kept.Count > 0 ? FailedExitCode : 0;
    }
}
