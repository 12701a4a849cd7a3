namespace TradeProcessor.Tests.Browser;

internal static class Repository
{
    /// <summary>The directory of the solution.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string directory) =>
        File.Exists(Path.Combine(directory, "TradeProcessor.sln"))
            ? directory
            : Find(Path.GetDirectoryName(directory)
                ?? throw new InvalidOperationException("The tests run outside of the repository."));
}
