using Microsoft.Extensions.Logging.Abstractions;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Files;

namespace TradeProcessor.Tests.Unit.Storage;

public sealed class SnapshotCatalogTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void ReadNewest_NewestDamagedAnywhere_FallsBackToTheOneBefore()
    {
        var catalog = new SnapshotCatalog(_directory.Path, NullLogger.Instance);
        var rejects = new RejectReport(1, new Dictionary<string, long> { ["bad_time"] = 1 }, []);
        var bound = new BoundKey(new RequestKey(1, 2), new BodyDigest(3, 4));
        RememberedKey[] keys = [new(bound, 5), new(bound with { Body = new BodyDigest(6, 7) }, 8)];
        StoreState At(long position) =>
            new(Guid.Empty, position, 1, 1, 5, [[], [], [], []], [], rejects, keys);
        catalog.Write(At(100));
        catalog.Write(At(200));
        Assert.Equal(200, catalog.ReadNewest()!.Position);
        Assert.Equal(keys, catalog.ReadNewest()!.Keys);
        var path = catalog.PathOf(200);
        var bytes = File.ReadAllBytes(path);
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = bytes.ToArray();
            damaged[i] ^= 0x10;
            File.WriteAllBytes(path, damaged);
            Assert.Equal(100, catalog.ReadNewest()!.Position);
            File.WriteAllBytes(path, bytes[..i]);
            Assert.Equal(100, catalog.ReadNewest()!.Position);
        }
    }
}
