using System.Collections.Concurrent;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using TradeProcessor.Consumer.Api;
using TradeProcessor.Consumer.Intake;
using TradeProcessor.Consumer.Transport;

namespace TradeProcessor.Consumer.Lane;

/// <summary>
/// Takes <c>POST /trades</c> straight from the connection, below Kestrel's HTTP: (1) read, (2)
/// parse all requests that are there as a whole, (3) bring their trades into the log together,
/// (4) answer all of them with one flush. The first byte that is not of the common form, and all
/// behind it, is Kestrel's: nobody has taken anything of it, so there is never a second reading.
/// Whatever the lane takes it answers itself, as the endpoint would.
/// </summary>
internal sealed class TradeLane(LaneServices lane) : IFirstService
{
    // Of those that are not on a loop: batches under way at one time reuse theirs; a burst's
    // surplus is let go.
    private const int PooledBatches = 1024;

    private readonly ConcurrentQueue<LaneBatch> _pool = new();
    private readonly ConcurrentDictionary<ConnectionLoop, LoopIntake> _loops = new();

    /// <summary>For connections of a transport that does not serve them first.</summary>
    public ConnectionDelegate Before(ConnectionDelegate next) => connection =>
        connection is LoopConnection { WasInLane: true }
            ? next(connection)
            : RunAsync(connection, next);

    public ValueTask<bool> ServeAsync(LoopConnection connection)
    {
        connection.WasInLane = true;
        return ServeAsync((ConnectionContext)connection);
    }

    private async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (await ServeAsync(connection))
            await next(connection);
    }

    // True where the rest is Kestrel's.
    private async ValueTask<bool> ServeAsync(ConnectionContext connection)
    {
        using var watch = new LaneWatch(connection, lane.Timeouts);
        // What the lane does takes microseconds: on the loop it costs no change of threads.
        using var inline = lane.IsInline ? InlineUse.Of(connection) : default;
        var gathers = IntakeOf(inline.Loop);
        var (input, output) = (connection.Transport.Input, connection.Transport.Output);
        var follows = LaneNext.Head;
        var batch = default(LaneBatch);
        try
        {
            while (true)
            {
                var hasRest = false; // of a request of which more must come
                if (follows == LaneNext.Body)
                {
                    follows = await new LongBody(lane, batch!, batch!.Head).ReadAsync(input, watch);
                }
                else
                {
                    var read = await input.ReadAsync();
                    batch ??= Rent(gathers);
                    follows = Take(batch, input, read, watch, out hasRest);
                }
                var closes = follows == LaneNext.End
                    || (!hasRest && watch.Verdict == LaneVerdict.Close);
                if (batch.Count > 0)
                {
                    var unavailable = batch.Trades == 0
                        ? null
                        : Settle(batch, await SubmitAsync(batch, inline.Loop, gathers, watch));
                    if ((await AnswerAsync(batch, output, unavailable, closes, watch)).IsCompleted)
                        return false;
                }
                if (follows == LaneNext.Other)
                {
                    lane.Metrics.LeftLane();
                    return true;
                }
                if (closes || follows == LaneNext.Gone)
                    return false;
                // A head that comes byte by byte does not go on.
                if (batch.Count > 0 || !hasRest || watch.Phase != LanePhase.Head)
                    watch.Enter(hasRest ? LanePhase.Head : LanePhase.Idle);
                if (follows == LaneNext.Body)
                    batch.Reset();
                else
                    Return(ref batch, gathers);
            }
        }
        catch (Exception exception) when (exception is IOException or ConnectionAbortedException)
        {
            return false; // the client knows as much as after any cut
        }
        finally
        {
            if (batch is not null)
                Return(ref batch, gathers);
        }
    }

    private LoopIntake? IntakeOf(ConnectionLoop? loop) => loop is null || !lane.Limits.Gather
        ? null
        : _loops.GetOrAdd(loop, static (loop, intake) => new LoopIntake(loop, intake), lane.Intake);

    // Takes what it can of a read; what is left stays in the pipe.
    private LaneNext Take(
        LaneBatch batch, PipeReader input, in ReadResult read, LaneWatch watch, out bool hasRest)
    {
        var buffer = read.Buffer;
        var follows = batch.Take(lane, buffer, out var taken);
        hasRest = taken < buffer.Length;
        if (follows is LaneNext.Head or LaneNext.Body)
        {
            // No more of it comes, or not soon: Kestrel knows what to answer.
            if (hasRest && (read.IsCompleted || watch.Verdict == LaneVerdict.GiveToKestrel))
                follows = LaneNext.Other;
            else if (read.IsCompleted)
                follows = LaneNext.Gone;
        }
        if (follows == LaneNext.Body)
            taken += batch.Head.Length;
        var consumed = buffer.GetPosition(taken);
        input.AdvanceTo(consumed, follows == LaneNext.Head ? buffer.End : consumed);
        return follows;
    }

    // Not async, as what is below: a state machine would be one more for each request that waits.
    private ValueTask<LogOutcome?> SubmitAsync(
        LaneBatch batch, ConnectionLoop? loop, LoopIntake? gathers, LaneWatch watch)
    {
        watch.Enter(LanePhase.Log);
        batch.Start(loop);
        return gathers is null
            ? lane.Intake.SubmitAsync(batch.Submission!)
            : gathers.SubmitAsync(batch.Submission!, batch.Started);
    }

    private ValueTask<FlushResult> AnswerAsync(
        LaneBatch batch, PipeWriter output, TradesAnswer? unavailable, bool closes, LaneWatch watch)
    {
        batch.Write(lane.Answers, output, unavailable, closes);
        lane.Metrics.AnsweredInLane(batch.Count);
        var bytes = output.UnflushedBytes;
        var flush = output.FlushAsync();
        if (!flush.IsCompleted)
            watch.Enter(LanePhase.Client, bytes);
        return flush;
    }

    // Null where the batch is in the log.
    private TradesAnswer? Settle(LaneBatch batch, LogOutcome? outcome)
    {
        if (outcome == LogOutcome.Logged)
        {
            lane.Metrics.Accepted(batch.Trades, batch.Started, batch.Logging);
            return null;
        }
        lane.Metrics.Refused(batch.Logging);
        return TradesAnswer.Unavailable(lane.Intake.Failure);
    }

    private LaneBatch Rent(LoopIntake? gathers) =>
        (gathers is not null && gathers.TryRent(out var batch)) || _pool.TryDequeue(out batch)
            ? batch
            : new LaneBatch();

    private void Return(ref LaneBatch? batch, LoopIntake? gathers)
    {
        batch!.Reset();
        if (gathers is null || !gathers.TryReturn(batch))
        {
            if (_pool.Count < PooledBatches)
                _pool.Enqueue(batch);
            else
                batch.LetGo(lane.Intake);
        }
        batch = null;
    }
}
