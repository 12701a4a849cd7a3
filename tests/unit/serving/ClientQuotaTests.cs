using System.Net;
using TradeProcessor.Serving;

namespace TradeProcessor.Tests.Unit.Serving;

public sealed class ClientQuotaTests
{
    private static readonly IPAddress One = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Other = IPAddress.Parse("192.0.2.2");

    [Fact]
    public void TryTake_AtTheLimit_IsRefusedForThisClientAlone()
    {
        var quota = new ClientQuota(2);
        Assert.True(quota.TryTake(One));
        Assert.True(quota.TryTake(One));
        Assert.False(quota.TryTake(One));
        Assert.True(quota.TryTake(Other));
        quota.Give(One);
        Assert.True(quota.TryTake(One));
    }

    [Fact]
    public void TryTake_NothingAllowed_IsRefused() => Assert.False(new ClientQuota(0).TryTake(One));

    [Fact]
    public void TryTake_ManyThreads_NeverPassesTheLimit()
    {
        const int Max = 3;
        var quota = new ClientQuota(Max);
        var held = 0;
        Parallel.For(0, 100_000, _ =>
        {
            if (!quota.TryTake(One))
                return;
            var now = Interlocked.Increment(ref held);
            Assert.InRange(now, 1, Max);
            _ = Interlocked.Decrement(ref held);
            quota.Give(One);
        });
        Assert.Equal(0, held);
        for (var i = 0; i < Max; i++)
            Assert.True(quota.TryTake(One));
        Assert.False(quota.TryTake(One));
    }
}
