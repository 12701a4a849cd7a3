using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using TradeProcessor.Load.Generation;
using TradeProcessor.Load.Http;

namespace TradeProcessor.Load.Crowd;

/// <summary>
/// Holds one process's part of the connections. It is told what to do a line at a time on stdin:
/// <c>stop</c> opens no more, <c>post RATE COUNT</c> sends, <c>end</c> or the end of the input ends
/// it. It tells its <see cref="CrowdCounts"/> a few times a second, and once a phase is over
/// <c>opened</c>, <c>posted</c> and the latencies of what was sent, or <c>ended</c>.
/// </summary>
internal sealed class CrowdChild(LoadOptions options, CrowdSockets crowd, int window)
{
    private static readonly TimeSpan Pulse = TimeSpan.FromMilliseconds(100);

    // Sends that are due within it go together; each counts from its own instant.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(250);

    // Looked at for a connection that is free; with fewer than these all is busy anyway.
    private const int Tries = 64;

    private readonly ConcurrentQueue<string> _commands = new();
    private readonly TextWriter _output = Console.Out;
    private SplitMix _random = new(options.Seed, options.HoldPart!.FirstTrade);
    private CrowdCounts _told;
    private long _lastTold;
    private bool _opening = true;
    private bool _posting;
    private bool _ended;
    private long _since;
    private long _sent;
    private long _wanted;
    private double _rate;

    public static async Task<int> RunAsync(LoadOptions options)
    {
        var target = await Target.ResolveAsync(options.Url);
        var part = options.HoldPart!;
        var source = CrowdSources.Choose(target, options.Source);
        using CrowdSockets crowd = RingSockets.ArePossible
            ? new RingSockets(options, target, source, part.FirstTrade)
            : new EpollSockets(options, target, source, part.FirstTrade);
        new CrowdChild(options, crowd, part.Window).Run();
        return 0;
    }

    private void Run()
    {
        new Thread(Listen) { IsBackground = true }.Start();
        while (!_ended)
        {
            var wait = Pulse;
            if (_opening)
                Open();
            if (_posting)
                wait = PostDue();
            crowd.Turn(wait);
            if (Stopwatch.GetElapsedTime(_lastTold) >= TellEvery)
                Tell();
            while (_commands.TryDequeue(out var command))
                Obey(command);
        }
        EndPhase("ended", ref _ended);
    }

    private void Listen()
    {
        while (Console.In.ReadLine() is { } line)
            _commands.Enqueue(line);
        _commands.Enqueue("end");
    }

    private void Obey(string command)
    {
        var words = command.Split(' ');
        if (words[0] == "post")
        {
            _rate = double.Parse(words[1], CultureInfo.InvariantCulture);
            _wanted = long.Parse(words[2], CultureInfo.InvariantCulture);
            _sent = 0;
            crowd.Latency.Clear();
            _since = Stopwatch.GetTimestamp();
            _posting = true;
        }
        else if (words[0] == "stop")
        {
            _wanted = Math.Min(_wanted, _sent);
            if (_opening)
                EndPhase("opened", ref _opening);
        }
        else
        {
            _ended = true;
        }
    }

    private void Open()
    {
        while (!crowd.AllBegun && crowd.UnderWay < window)
            crowd.OpenNext();
        if (crowd.AllBegun && crowd.UnderWay == 0)
            EndPhase("opened", ref _opening);
    }

    /// <returns>How long until the next one.</returns>
    private TimeSpan PostDue()
    {
        while (_sent < _wanted)
        {
            var intended = _since + (long)(_sent / _rate * Stopwatch.Frequency);
            var early = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), intended);
            if (early > TimeSpan.Zero)
                return early < Step ? Step : early < Pulse ? early : Pulse;
            if (!TryChoose(out var connection))
            {
                // Late, and it counts: the next turn frees some.
                if (crowd.Counts.Open == 0)
                    _wanted = _sent;
                return Step;
            }
            crowd.Post(connection, intended);
            _sent++;
        }
        if (crowd.UnderWay == 0)
            EndPhase("posted", ref _posting);
        return Pulse;
    }

    private bool TryChoose(out int connection)
    {
        for (var i = 0; i < Tries; i++)
        {
            connection = (int)_random.Below((ulong)crowd.Size);
            if (crowd.IsIdle(connection))
                return true;
        }
        connection = 0;
        return false;
    }

    private void EndPhase(string word, ref bool phase)
    {
        phase = false;
        Tell();
        _output.WriteLine($"{word} {crowd.Latency.ToLine()}");
        _output.Flush();
    }

    private void Tell()
    {
        crowd.CutLate();
        _lastTold = Stopwatch.GetTimestamp();
        if (crowd.Counts == _told)
            return;
        _told = crowd.Counts;
        _output.WriteLine($"counts {_told.ToLine()}");
        _output.Flush();
    }
}
