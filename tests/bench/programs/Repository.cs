using System.Diagnostics;

namespace TradeProcessor.Bench.Programs;

/// <summary>The programs of the repository that this one was built in.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    public static string BuildHost() => Build("host", "TradeProcessor.Host.dll");

    public static string BuildLoadTool() => Build("tests/load", "TradeProcessor.Load.dll");

    // Returns the path of what was built.
    private static string Build(string project, string assembly)
    {
        var directory = Path.Combine(Root, project);
        Console.WriteLine($"building {project}");
        var start = new ProcessStartInfo(
            "dotnet", ["build", directory, "-c", "Release", "--nologo", "-v", "quiet"])
        {
            RedirectStandardOutput = true,
        };
        using var build = Process.Start(start)!;
        var output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        return build.ExitCode == 0
            ? Path.Combine(directory, "bin", "Release", "net10.0", assembly)
            : throw new InvalidOperationException($"{project} does not build: {output}");
    }

    private static string FindRoot()
    {
        for (var at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, "TradeProcessor.sln")))
                return at;
        }
        throw new InvalidOperationException("The benchmark does not lie within the repository.");
    }
}
