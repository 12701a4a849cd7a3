using System.Diagnostics;
using System.Globalization;
using TradeProcessor.Bench.Reporting;
using TradeProcessor.Storage.Engine.Files;

namespace TradeProcessor.Bench;

/// <summary>
/// Durable appends to the journal, against the floor: pwrite and fdatasync on one file. Their time
/// is the disk's; what the journal adds is the difference.
/// </summary>
internal static class AppendBenchmark
{
    private const int SamplesPerContender = 10;
    private const double SampleMs = 250;
    private const long SampleBytes = 64 << 20; // a fast disk must not fill up

    private static readonly int[] Sizes = [64, 4 << 10, 64 << 10, 1 << 20];

    /// <param name="path">Directory to write in; it is left as it was.</param>
    public static void Run(string path)
    {
        var directory = Directory.CreateDirectory(Path.Combine(path, $"append-{Environment.ProcessId}"));
        try
        {
            BenchReport.Show("append", [.. Sizes.Select(bytes => Measure(bytes, directory))]);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static Section Measure(int bytes, DirectoryInfo directory)
    {
        var log = directory.CreateSubdirectory($"log-{bytes}").FullName;
        var options = new JournalOptions(log, new StorageOptions().SegmentBytes, TimeSpan.FromSeconds(1));
        using var journal = new Journal(
            options, JournalOpening.Open(log, verifyFrom: null, TimeProvider.System), TimeProvider.System);
        var bare = Path.Combine(directory.FullName, $"bare-{bytes}");
        using var file = File.OpenHandle(bare, FileMode.Create, FileAccess.Write);
        var frame = RandomBytes(bytes);
        var end = 0L;
        Action[] contenders =
        [
            () =>
            {
                RandomAccess.Write(file, frame, end);
                FileSync.Data(file);
                end += frame.Length;
            },
            () => journal.Append(frame, receivedAtTicks: 1),
        ];
        var samples = contenders.Select(_ => new List<double[]>()).ToArray();
        foreach (var append in contenders)
            _ = Sample(append, bytes);
        for (var i = 0; i < SamplesPerContender; i++)
        {
            // A B B A, as the rounds of the other benchmarks.
            foreach (var at in i % 2 == 0 ? (int[])[0, 1] : [1, 0])
                samples[at].Add(Sample(contenders[at], bytes));
        }
        return new Section(
            $"Frames of {bytes:N0} bytes",
            "p50 µs",
            [ToRow("pwrite and fdatasync", bytes, samples[0]), ToRow("journal", bytes, samples[1])],
            "p99 µs", "MB/s", "appends");
    }

    // Microseconds of each append, in ascending order.
    private static double[] Sample(Action append, int bytes)
    {
        var times = new List<double>();
        var most = Math.Max(20, SampleBytes / SamplesPerContender / bytes);
        var sample = Stopwatch.StartNew();
        while (sample.Elapsed.TotalMilliseconds < SampleMs && times.Count < most)
        {
            var started = Stopwatch.GetTimestamp();
            append();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }
        times.Sort();
        return [.. times];
    }

    private static Row ToRow(string name, int bytes, List<double[]> samples)
    {
        double[] all = [.. samples.SelectMany(times => times).Order()];
        return new Row(
            name,
            [.. samples.Select(times => times[times.Length / 2])],
            Section.Number(all[(int)(all.Length * 0.99)]),
            Section.Number(bytes / all.Average()),
            all.Length.ToString("N0", CultureInfo.InvariantCulture));
    }

    private static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
