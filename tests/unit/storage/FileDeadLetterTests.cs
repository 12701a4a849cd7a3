using Microsoft.Extensions.Logging.Abstractions;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Dead;
using TradeProcessor.Storage.Engine.Files;
using TradeProcessor.Worker;

namespace TradeProcessor.Tests.Unit.Storage;

/// <summary>Dead frames as files, and the command over them.</summary>
public sealed class FileDeadLetterTests : IDisposable
{
    private static readonly CellRetention Retention = new(
        TimeSpan.FromDays(1), TimeSpan.FromDays(1), TimeSpan.FromDays(1), TimeSpan.FromDays(1));

    private readonly TemporaryDirectory _directory = new();
    private readonly StorageOptions _options;

    public FileDeadLetterTests() => _options = new StorageOptions { Path = _directory.Path };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    private FileBackEnd Open() => new(
        _options, Retention, TimeProvider.System, NullLogger<FileBackEnd>.Instance);

    /// <summary>Frames at positions 0, 100, 200, …; the second one is damaged.</summary>
    private List<byte[]> Fill(int count)
    {
        var sample = new SampleFrames(23);
        var frames = new List<byte[]>();
        _ = Directory.CreateDirectory(Path.Combine(_directory.Path, "dead"));
        _ = Directory.CreateDirectory(Path.Combine(_directory.Path, "log"));
        for (var i = 0; i < count; i++)
        {
            var frame = sample.Frame(2, SampleFrames.StartTicks + i);
            if (i == 1)
                frame[60] ^= 1;
            frames.Add(frame);
            var dead = new DeadFrame(
                100 * i, SampleFrames.StartTicks + i, 5, $"reason\n{i}", frame);
            File.WriteAllBytes(
                Path.Combine(_directory.Path, "dead", $"{100 * i}.dead"), dead.ToBytes());
        }
        return frames;
    }

    private static List<byte[]> Logged(FileBackEnd backEnd)
    {
        var frames = new List<byte[]>();
        using var reader = new JournalReader(backEnd.Journal, 0);
        for (var batch = reader.Read(); !batch.IsEmpty; batch = reader.Read())
        {
            for (var rest = batch.Frames; !rest.IsEmpty;)
            {
                _ = TradeFrame.ReadHeader(rest.Span, out var header);
                frames.Add(rest[TradeFrame.HeaderBytes..header.FrameBytes].ToArray());
                rest = rest[header.FrameBytes..];
            }
        }
        return frames;
    }

    private static byte[] Payload(byte[] frame) => frame[TradeFrame.HeaderBytes..];

    [Fact]
    public async Task Replay_OfAll_KeepsTheDamagedAndCountsOnce()
    {
        var frames = Fill(4);
        using var backEnd = Open();
        var letters = new FileDeadLetters(_options, () => backEnd);
        var report = await letters.ListAsync(1, Cancellation);
        Assert.Equal((4, 8), (report.Total, report.Trades));
        Assert.Equal("0-300", Assert.Single(report.Recent).Id);
        Assert.Equal(frames[3].Length, report.Recent[0].Bytes);

        var outcome = await letters.ReplayAsync(null, Cancellation);
        Assert.Equal(3, outcome.Done);
        Assert.Equal("0-100", Assert.Single(outcome.Kept).Id);
        Assert.Equal(0, (await letters.ReplayAsync(null, Cancellation)).Done);
        Assert.Equal(
            new[] { frames[0], frames[2], frames[3] }.Select(Payload).Select(Convert.ToHexString)
                .Order(),
            Logged(backEnd).Select(Convert.ToHexString).Order());
        Assert.Equal(1, (await letters.ListAsync(10, Cancellation)).Total);
        // What was replayed is not to be counted from where it died.
        var files = new DeadFiles(_options.Path);
        Assert.Equal([0, 100, 200, 300], files.Positions.Order());
    }

    [Theory]
    [InlineData("claimed")]
    [InlineData("appended")]
    public async Task Replay_CutOffAnywhere_CountsOnceAfterItIsRepeated(string where)
    {
        var frames = Fill(1);
        var other = new SampleFrames(1).Frame(1, SampleFrames.StartTicks);
        using (var backEnd = Open())
        {
            var letters = new FileDeadLetters(_options, () => backEnd, reached =>
            {
                // Another producer comes between, and the power goes.
                backEnd.Journal.Append(other, SampleFrames.StartTicks);
                if (reached == where)
                    throw new InvalidOperationException(where);
            });
            _ = await Assert.ThrowsAsync<InvalidOperationException>(
                () => letters.ReplayAsync(null, Cancellation).AsTask());
        }
        for (var round = 0; round < 3; round++)
        {
            using var backEnd = Open();
            var letters = new FileDeadLetters(_options, () => backEnd);
            var outcome = await letters.ReplayAsync(null, Cancellation);
            Assert.Equal(where == "claimed" && round == 0 ? 1 : 0, outcome.Done);
            Assert.Equal(0, (await letters.ListAsync(10, Cancellation)).Total);
            Assert.Single(Logged(backEnd), frame => frame.SequenceEqual(Payload(frames[0])));
        }
    }

    [Fact]
    public async Task Purge_OfOneAndAll_NeedsNoLock()
    {
        _ = Fill(3);
        using var running = Open();
        var letters = new FileDeadLetters(
            _options, () => throw new InvalidOperationException("It must not be opened."));
        Assert.Equal(0, (await letters.PurgeAsync("0-7", Cancellation)).Done);
        Assert.Equal(0, (await letters.PurgeAsync("1-100", Cancellation)).Done);
        Assert.Equal(1, (await letters.PurgeAsync("0-100", Cancellation)).Done);
        Assert.Equal(2, (await letters.PurgeAsync(null, Cancellation)).Done);
        Assert.Equal(0, (await letters.ListAsync(10, Cancellation)).Total);
        Assert.All(
            Directory.GetFiles(Path.Combine(_directory.Path, "dead")),
            path => Assert.Equal(0, new FileInfo(path).Length));
    }

    [Fact]
    public async Task Command_OverADirectory_ListsReplaysAndPurges()
    {
        _ = Fill(4);
        Assert.Equal((2, "", true), Brief(await RunAsync("nonsense")));
        Assert.Equal((2, "", true), Brief(await RunAsync("list", "--Storag:Path", "x")));
        Assert.Equal((2, "", true), Brief(await RunAsync("list", "--limit", "0")));
        var (code, table, _) = await RunAsync("list", "--limit", "2");
        Assert.Equal(0, code);
        var lines = table.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("ID     DIED AT", lines[0]);
        Assert.StartsWith("0-300  2026-01-31T23:59:58Z", lines[1]);
        Assert.EndsWith("reason 3", lines[1]);
        Assert.Equal("2 of 4 frames, 8 trades in all", lines[3]);
        Assert.StartsWith(
            """{"total":4,"trades":8,"recent":[{"id":"0-300",""",
            (await RunAsync("list", "--json")).Output);

        Assert.Equal((0, "Replayed 1 frame.\n", false), Brief(await RunAsync("replay", "0-200")));
        Assert.Equal((1, "", true), Brief(await RunAsync("replay", "0-200")));
        Assert.Equal((1, "Replayed 2 frames.\n", true), Brief(await RunAsync("replay")));
        Assert.Equal((2, "", true), Brief(await RunAsync("purge")));
        var asked = await RunAsync(new StringReader("n\n"), "purge", "0-100");
        Assert.Equal(1, asked.Code);
        Assert.EndsWith("Nothing was deleted.\n", asked.Output);
        Assert.Equal((0, "Deleted 1 frame.\n", false), Brief(await RunAsync("purge", "--yes")));
        using (var running = Open())
        {
            Assert.Equal(3, Logged(running).Count);
            var refused = await RunAsync("replay");
            Assert.Equal(2, refused.Code);
            Assert.Contains("in use", refused.Error);
        }

        static (int, string, bool) Brief((int Code, string Output, string Error) run) =>
            (run.Code, run.Output, run.Error.Length > 0);
    }

    [Fact]
    public async Task Command_OfAProgramWithoutFiles_SaysWhatItNeeds() => Assert.Equal(
        (2, "", "Where are the dead frames? Give --Redis:Configuration or --Storage:Path.\n"),
        await RunAsAsync(hasFiles: false, null, "list"));

    [Fact]
    public async Task Command_OverADirectoryWithoutALog_IsRefusedAndChangesNothing()
    {
        foreach (var verb in (string[])["list", "replay"])
        {
            Assert.Equal(
                (2, "", $"Storage:Path = '{_directory.Path}': there is no log in it.\n"),
                await RunAsync(verb));
        }
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    [Theory]
    [InlineData("--Redis:Configuratoin", "Redis:Configuratoin = 'x': unknown key; Redis has ")]
    [InlineData("--Storage:Paht", "Storage:Paht = 'x': unknown key; Storage has ")]
    [InlineData("--Worker:CommitEvery", "Worker:CommitEvery = 'x': must be ")]
    public async Task Command_WithABadKeyOfASection_IsRefusedInOneLine(string key, string line)
    {
        _ = Fill(1);
        foreach (var hasFiles in (bool[])[true, false])
        {
            var (code, output, error) = await RunAsAsync(hasFiles, null, "list", key, "x");
            Assert.Equal((2, ""), (code, output));
            Assert.StartsWith(line, Assert.Single(error.TrimEnd('\n').Split('\n')));
        }
        var over = await RunAsync("list", key, "x");
        Assert.Equal((2, ""), (over.Code, over.Output));
        Assert.StartsWith(line, over.Error);
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] args) =>
        RunAsync(input: null, args);

    private Task<(int Code, string Output, string Error)> RunAsync(
        TextReader? input, params string[] args) =>
        RunAsAsync(hasFiles: false, input, [.. args, "--Storage:Path", _directory.Path]);

    private static async Task<(int Code, string Output, string Error)> RunAsAsync(
        bool hasFiles, TextReader? input, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = await DeadCommand.RunAsync(
            args, hasFiles, new DeadConsole(output, error, input));
        return (code, output.ToString(), error.ToString());
    }
}
