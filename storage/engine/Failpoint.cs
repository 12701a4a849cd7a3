using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace TradeProcessor.Storage.Engine;

/// <summary>
/// Named points of the worker's loop at which a test can have the process killed:
/// <c>TP_FAILPOINT=after-read:3</c> does so when it gets to that point for the third time. Calls
/// are compiled only with <c>-p:Failpoints=true</c>.
/// </summary>
internal static partial class Failpoint
{
    public const string Variable = "TP_FAILPOINT";

    private const int Kill = 9; // SIGKILL

    private static readonly (string Name, int Count)? Armed =
        Parse(Environment.GetEnvironmentVariable(Variable));

    private static readonly ConcurrentDictionary<string, int> Reached = new();

    [Conditional("FAILPOINTS")]
    public static void Reach(string name)
    {
        if (Armed is { } armed
            && armed.Name == name
            && Reached.AddOrUpdate(name, 1, static (_, count) => count + 1) == armed.Count)
        {
            _ = SendSignal(Environment.ProcessId, Kill);
            // The signal ends the process; nothing after the point may happen before it does.
            Thread.Sleep(Timeout.Infinite);
        }
    }

    private static (string, int)? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        var parts = text.Split(':');
        var count = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 1;
        return (parts[0], count);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
