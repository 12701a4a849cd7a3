namespace TradeProcessor.Tests.Integration;

/// <summary>Starts that must not succeed say what, where and how to mend it, in one line.</summary>
public sealed class StartTests
{
    [Theory]
    [InlineData("--Intake:ChannelCapacity", "0", "Intake:ChannelCapacity = '0'")]
    [InlineData("--Intake:ChannelCapacity", "many", "Intake:ChannelCapacity = 'many'")]
    [InlineData("--Worker:Rest", "1.00:00:00", "Worker:Rest = '1.00:00:00'")]
    [InlineData("--Live:Tick", "x", "Live:Tick = 'x'")]
    [InlineData("--Storage:NoSuchKey", "1", "Storage:NoSuchKey = '1'")]
    [InlineData("--Assets:Extra:0", "bitcoin", "Assets:Extra:0 = 'bitcoin': must be 2 to 6")]
    [InlineData("--Storag:Path", "x", "Storag:Path: unknown key")]
    [InlineData("--Bogus", "x", "Bogus: unknown key")]
    [InlineData("somewhere", "--x=1", "'somewhere': not understood; settings are --Key value")]
    [InlineData("--Intake:Lane", "--x=1", "--Intake:Lane: its value is missing")]
    [InlineData("--Connections:KeepAliveTimeout", "5", "Connections:KeepAliveTimeout = '5': must be")]
    public async Task Start_BadKey_EndsWithOneLineThatNamesIt(string key, string value, string expected)
    {
        using var directory = new TemporaryDirectory();
        var (exitCode, output) = await HostProcess.RunAsync(directory.Path, key, value);
        Assert.Equal(2, exitCode);
        var line = Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith(expected, line, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(directory.Path));
    }

    [Fact]
    public async Task Start_BadKeysOfSeveralSections_NamesAllOfThem()
    {
        using var directory = new TemporaryDirectory();
        var (exitCode, output) = await HostProcess.RunAsync(
            directory.Path,
            "--Intake:ChannelCapacity", "0",
            "--Worker:Rest", "x",
            "--Redis:WaitReplicas", "11");
        Assert.Equal(2, exitCode);
        string[] expected = ["Intake:ChannelCapacity", "Redis:WaitReplicas", "Worker:Rest"];
        Assert.Equal(expected, output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Start_MoreConnectionsThanFiles_StartsAndSaysHowManyThereCanBe()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(
            directory.Path, "--Connections:Transport", "Epoll", "--Connections:Most", "10000000");
        host.Kill();
        _ = await host.WaitForExitAsync(TimeSpan.FromSeconds(30));
        Assert.Contains(
            "Connections:Most is 10000000, but over epoll only", host.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DirectoryInUse_EndsWithOneLine()
    {
        using var directory = new TemporaryDirectory();
        await using var first = await HostProcess.StartAsync(directory.Path);
        var (exitCode, output) = await HostProcess.RunAsync(directory.Path);
        Assert.Equal(2, exitCode);
        Assert.Contains("in use by another process", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DamagedJournal_EndsWithFileAndOffset()
    {
        using var directory = new TemporaryDirectory();
        await using (var host = await HostProcess.StartAsync(directory.Path))
        {
            var client = new TradeClient(3);
            _ = await client.PostAsync(host.Client, 20, new Random(3));
            host.Kill();
            _ = await host.WaitForExitAsync(TimeSpan.FromSeconds(30));
        }
        var segment = Directory.GetFiles(Path.Combine(directory.Path, "log"), "*.log").Single();
        var bytes = await File.ReadAllBytesAsync(segment, TestContext.Current.CancellationToken);
        bytes[200] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes, TestContext.Current.CancellationToken);
        var (exitCode, output) = await HostProcess.RunAsync(directory.Path);
        Assert.Equal(2, exitCode);
        Assert.Contains($"{segment}, offset 64:", output, StringComparison.Ordinal);
    }
}
