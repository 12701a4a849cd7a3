using System.Diagnostics;
using System.Globalization;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Storage.Engine.Files;

namespace TradeProcessor.Bench.Board;

/// <summary>
/// Flushes a small file of its own now and then while something else is measured: nobody's
/// acknowledgement is sooner than the disk, and how fast that is changes from minute to minute.
/// </summary>
internal sealed class DiskProbe : IDisposable
{
    private const int Bytes = 4096;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(50);

    private readonly TemporaryDirectory _directory;
    private readonly List<double> _ms = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Thread _thread;

    public DiskProbe(string path)
    {
        _directory = new TemporaryDirectory(path, "disk");
        _thread = new Thread(Run) { IsBackground = true, Name = "disk probe" };
        _thread.Start();
    }

    /// <summary>Ends it; what it has seen, as a sentence.</summary>
    public string End()
    {
        _end.Cancel();
        _thread.Join();
        if (_ms.Count == 0)
            return "";
        _ms.Sort();
        return string.Create(CultureInfo.InvariantCulture,
            $"The disk meanwhile: {_ms.Count:N0} flushes of {Bytes:N0} bytes beside it took "
            + $"{At(0.5):F1} ms in the median, p99 {At(0.99):F1} ms, {_ms[^1]:F0} ms at the most.");
    }

    public void Dispose()
    {
        _end.Cancel();
        _thread.Join();
        _end.Dispose();
        _directory.Dispose();
    }

    private double At(double part) => _ms[(int)(part * (_ms.Count - 1))];

    private void Run()
    {
        using var file = File.OpenHandle(
            Path.Combine(_directory.Path, "probe"), FileMode.Create, FileAccess.Write);
        var bytes = new byte[Bytes];
        while (!_end.Token.WaitHandle.WaitOne(Every))
        {
            var before = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, bytes, 0);
            FileSync.Data(file);
            _ms.Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
        }
    }
}
