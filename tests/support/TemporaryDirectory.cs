namespace TradeProcessor.Tests.Support;

internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tradeprocessor-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
