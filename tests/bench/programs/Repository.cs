using System.ComponentModel;
using System.Diagnostics;

namespace TradeProcessor.Bench.Programs;

/// <summary>The programs of the repository that this one was built in.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();
    private static readonly HashSet<string> Built = [];

    /// <summary>False: what was built before is taken as it is.</summary>
    public static bool Builds { get; set; } = true;

    public static string BuildHost() => Build("host", "TradeProcessor.Host.dll");

    /// <summary>Builds the four programs; the host refers to all of them.</summary>
    public static (string Consumer, string Worker, string Storage) BuildPrograms()
    {
        _ = BuildHost();
        return (
            Assembly("consumer", "TradeProcessor.Consumer.dll"),
            Assembly("worker", "TradeProcessor.Worker.dll"),
            Assembly("storage/api", "TradeProcessor.Storage.Api.dll"));
    }

    public static string BuildLoadTool() => Build("tests/load", "TradeProcessor.Load.dll");

    /// <summary>The path of a script in <c>ops</c>.</summary>
    public static string Script(string name) => Path.Combine(Root, "ops", name);

    /// <summary>The path of a script that lies beside the benchmarks.</summary>
    public static string BenchScript(string name) => Path.Combine(Root, "tests", "bench", name);

    /// <summary>
    /// The commit that is checked out, and whether files other than documents differ from it.
    /// </summary>
    public static string State()
    {
        try
        {
            var commit = Git("rev-parse", "--short=10", "HEAD");
            return Git("status", "--porcelain", "--", ":!docs", ":!*.md").Length == 0
                ? $"commit {commit}"
                : $"commit {commit}, changed";
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            return "no commit";
        }
    }

    private static string Git(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", Root, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return git.ExitCode == 0
            ? output
            : throw new InvalidOperationException("Not in a repository of git.");
    }

    // Once in a run. Returns the path of what was built.
    private static string Build(string project, string assembly)
    {
        if (!Builds || Built.Contains(project))
            return Assembly(project, assembly);
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
        if (build.ExitCode != 0)
            throw new InvalidOperationException($"{project} does not build: {output}");
        _ = Built.Add(project);
        return Assembly(project, assembly);
    }

    private static string Assembly(string project, string assembly) =>
        Path.Combine(Root, project, "bin", "Release", "net10.0", assembly);

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
