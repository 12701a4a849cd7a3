using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Dead;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>
/// Dead frames of the embedded back end. Listing and purging need no more than the directory;
/// a replay opens the back end, and so refuses while another process has it open.
/// </summary>
internal sealed class FileDeadLetters(
    StorageOptions options, Func<FileBackEnd> open, Action<string>? reached = null) : IDeadLetters
{
    private readonly DeadFiles _files = new(options.Path);

    public ValueTask<DeadReport> ListAsync(int limit, CancellationToken cancellation)
    {
        var letters = new List<DeadLetter>();
        foreach (var (_, path) in _files.List())
        {
            cancellation.ThrowIfCancellationRequested();
            if (Describe(path) is { } letter)
                letters.Add(letter);
        }
        return ValueTask.FromResult(new DeadReport(
            letters.Count,
            letters.Sum(letter => (long)letter.Trades),
            [.. letters.OrderByDescending(letter => letter.DiedAt).Take(limit)]));
    }

    public async ValueTask<DeadOutcome> ReplayAsync(string? id, CancellationToken cancellation)
    {
        var backEnd = open();
        var log = new FileTradeLog(backEnd, options);
        var done = 0;
        var kept = new List<DeadLetter>();
        foreach (var (position, path) in Named(id))
        {
            var bytes = await File.ReadAllBytesAsync(path, cancellation);
            if (DeadFrame.TryRead(bytes) is not { } dead)
                continue;
            if (!dead.IsWhole)
                kept.Add(dead.Describe(shard: 0));
            else if (await ReplayAsync(backEnd, log, position, bytes, dead))
                done++;
        }
        return new DeadOutcome(done, kept);
    }

    public ValueTask<DeadOutcome> PurgeAsync(string? id, CancellationToken cancellation)
    {
        var done = 0;
        foreach (var (_, path) in Named(id))
        {
            cancellation.ThrowIfCancellationRequested();
            if (_files.Finish(path))
                done++;
        }
        return ValueTask.FromResult(new DeadOutcome(done, []));
    }

    /// <summary>
    /// (1) The file's name says that the frame may be in the log from its present end on; (2) it is
    /// appended; (3) the file becomes a mark. Whoever opens the back end after a crash in between
    /// looks whether the frame is there.
    /// </summary>
    private async ValueTask<bool> ReplayAsync(
        FileBackEnd backEnd, FileTradeLog log, long position, byte[] bytes, DeadFrame dead)
    {
        if (_files.Claim(position, backEnd.Journal.DurablePosition) is not { } claimed)
            return false;
        reached?.Invoke("claimed");
        try
        {
            await log.AppendAsync(0, FileReplay.FrameOf(bytes, dead), CancellationToken.None);
        }
        catch (LogUnavailableException)
        {
            _files.Restore(claimed);
            throw;
        }
        reached?.Invoke("appended");
        _ = _files.Finish(claimed);
        return true;
    }

    private List<(long Position, string Path)> Named(string? id) => id is null
        ? _files.List()
        : DeadId.TryParse(id) is { Shard: 0 } named
            ? _files.List().FindAll(file => file.Position == named.Position)
            : [];

    private static DeadLetter? Describe(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
            var head = new byte[Math.Min(file.Length, DeadFrame.MaxHeadBytes)];
            file.ReadExactly(head);
            return DeadFrame.TryRead(head)?.Describe(shard: 0, file.Length - head.Length);
        }
        catch (FileNotFoundException)
        {
            // Replayed or purged since the directory was read.
            return null;
        }
    }
}
