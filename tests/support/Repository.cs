namespace TradeProcessor.Tests.Support;

/// <summary>The sources that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The directory of the solution.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>A program where its own build has put it, in the tests' configuration.</summary>
    /// <param name="project">Directory of the project: <c>storage/api</c>.</param>
    public static string Program(string project, string assembly)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        return Path.Combine(Root, project, "bin", configuration, "net10.0", $"{assembly}.dll");
    }

    private static string Find(string directory) =>
        File.Exists(Path.Combine(directory, "TradeProcessor.sln"))
            ? directory
            : Find(Path.GetDirectoryName(directory)
                ?? throw new InvalidOperationException("The tests run outside of the repository."));
}
