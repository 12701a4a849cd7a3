using TradeProcessor.Bench.Programs;

namespace TradeProcessor.Bench.Board;

/// <summary>Contenders in turn, forwards and then backwards: A B B A.</summary>
internal static class Alternation
{
    /// <returns>For each contender its samples, one a round.</returns>
    public static async Task<IReadOnlyList<T>[]> RunAsync<T>(
        IReadOnlyList<(string Name, Func<Task<T>> Run)> contenders,
        int rounds,
        Func<T, string> describe)
    {
        var samples = contenders.Select(_ => new List<T>()).ToArray();
        var order = Enumerable.Range(0, contenders.Count).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var i in round % 2 == 0 ? order : order.Reverse())
            {
                Interruption.ThrowIfAsked();
                samples[i].Add(await contenders[i].Run());
                Console.WriteLine($"  {contenders[i].Name}: {describe(samples[i][^1])}");
            }
        }
        return samples;
    }
}
