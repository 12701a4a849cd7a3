using TradeProcessor.Storage.Engine;

namespace TradeProcessor.Tests.Unit.BackEnds;

public sealed class FileBackEndTests : BackEndContract
{
    private readonly List<TemporaryDirectory> _directories = [new TemporaryDirectory()];

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public override ValueTask DisposeAsync()
    {
        foreach (var directory in _directories)
            directory.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected override Task<BackEnd> OpenAsync() => BackEnd.OpenAsync(
        services => services.AddFileStorage(),
        new Dictionary<string, string?> { ["Storage:Path"] = _directories[^1].Path });

    private protected override Task EmptyAsync()
    {
        _directories.Add(new TemporaryDirectory());
        return Task.CompletedTask;
    }
}
