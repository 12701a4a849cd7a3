using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Redis;

namespace TradeProcessor.Tests.Unit.Redis;

public sealed class RedisServerSettingsTests
{
    [Theory]
    [InlineData("no", "everysec", Durability.Memory)]
    [InlineData("no", "always", Durability.Memory)]
    [InlineData("yes", "everysec", Durability.ProcessCrash)]
    [InlineData("yes", "no", Durability.ProcessCrash)]
    [InlineData("yes", "always", Durability.Disk)]
    public async Task Open_AnyConfiguration_NamesWhatAnAppendSurvives(
        string appendOnly, string appendFsync, Durability durability)
    {
        await using var server = await RedisServer.StartAsync(
            "--appendonly", appendOnly, "--appendfsync", appendFsync);
        await using var backEnd = await server.OpenAsync();
        var settings = await RedisServerSettings.OpenAsync(backEnd.Link, TimeProvider.System);
        Assert.Equal(new RedisServerState(appendOnly, appendFsync, 0), settings.Known);
        Assert.Equal(durability, settings.Known.Durability);
    }

    [Fact]
    public async Task Open_ConfigRefused_PromisesNothing()
    {
        await using var server = await RedisServer.StartAsync(
            "--appendonly", "yes", "--rename-command", "CONFIG", "");
        await using var backEnd = await server.OpenAsync();
        var settings = await RedisServerSettings.OpenAsync(backEnd.Link, TimeProvider.System);
        Assert.Equal(new RedisServerState(null, null, 0), settings.Known);
        Assert.Null(settings.Known.Durability);
    }

    [Fact]
    public async Task Refresh_SettingChanged_IsSeenAfterTenSecondsAndNotBefore()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        var time = new ManualTime(DateTime.UnixEpoch.AddYears(60));
        var settings = await RedisServerSettings.OpenAsync(backEnd.Link, time);
        _ = await backEnd.Link.CallAsync(
            database => database.ExecuteAsync("CONFIG", "SET", "appendonly", "yes"),
            TestContext.Current.CancellationToken);
        Assert.Equal(Durability.Memory, settings.Refresh().Durability);
        time.Advance(TimeSpan.FromSeconds(11));
        _ = settings.Refresh();
        await Eventually.HoldsAsync(
            () => settings.Known.Durability == Durability.ProcessCrash, "the change is seen");
    }

    [Fact]
    public async Task Refresh_RedisFrozen_TellsWhatWasLastKnown()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "yes");
        await using var backEnd = await server.OpenAsync();
        var time = new ManualTime(DateTime.UnixEpoch.AddYears(60));
        var settings = await RedisServerSettings.OpenAsync(backEnd.Link, time);
        server.Freeze();
        for (var i = 0; i < 3; i++)
        {
            time.Advance(TimeSpan.FromSeconds(11));
            Assert.Equal(Durability.ProcessCrash, settings.Refresh().Durability);
        }
        server.Thaw();
    }
}
