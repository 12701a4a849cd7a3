using System.Collections.Immutable;

namespace TradeProcessor.Tests.Faults.Programs;

/// <summary>The worker in a build that can be made to die at named points.</summary>
public sealed class FailpointBuild : IAsyncLifetime
{
    private const int Sigkill = 9;

    /// <summary>All points, in the order in which a pass gets to them.</summary>
    public static readonly ImmutableArray<string> Points =
    [
        "after-read", "after-count", "after-fold", "before-commit", "commit-sent", "after-commit",
        "after-publish",
    ];

    /// <summary>How a process ends that has got to its point.</summary>
    public const int ExitCode = 128 + Sigkill;

    private static string Output => Path.Combine(Repository.Root, "artifacts", "failpoints");

    internal string Assembly { get; } = Path.Combine(
        Output, "bin", "TradeProcessor.Worker", "release", "TradeProcessor.Worker.dll");

    /// <summary>Has the process killed when it gets to the point for so many times.</summary>
    internal static KeyValuePair<string, string> Arm(string point, int times) =>
        KeyValuePair.Create("TP_FAILPOINT", $"{point}:{times}");

    public async ValueTask InitializeAsync()
    {
        await using var build = new ChildProcess("dotnet",
        [
            "build", Path.Combine(Repository.Root, "worker"), "-c", "Release", "--nologo",
            "-v", "quiet", "-p:Failpoints=true", "--artifacts-path", Output,
        ]);
        Assert.True(await build.WaitForExitAsync(TimeSpan.FromMinutes(5)) == 0, build.Output);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
