using System.Buffers;
using System.Diagnostics;
using TradeProcessor.Load.Generation;
using TradeProcessor.Load.Http;

namespace TradeProcessor.Load.Sending;

/// <summary>
/// One connection at work: take up to a pipeline of jobs, write their requests in one send, read
/// the answers in order, and repeat what the service asked to have repeated.
/// </summary>
internal sealed class Sender(
    HttpConnection connection,
    WorkSource work,
    Pacer? pacer,
    TradeGenerator generator,
    SendPolicy policy,
    Tally tally)
{
    private readonly List<Job> _again = [];
    private readonly List<Job> _burst = [];
    private TimeSpan _pause;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && TakeBurst())
        {
            while (_burst.Count > 0)
            {
                if (!await IsReadyAsync(stop))
                {
                    GiveUp();
                    return;
                }

                await SendBurstAsync(stop);
            }
        }
    }

    private bool TakeBurst()
    {
        while (_burst.Count < policy.Pipeline && (_burst.Count == 0 || work.HasDue())
            && work.TryTake(out var job))
        {
            _burst.Add(job);
        }

        return _burst.Count > 0;
    }

    private async ValueTask<bool> IsReadyAsync(CancellationToken stop)
    {
        try
        {
            if (_pause > TimeSpan.Zero)
                await Task.Delay(_pause, stop);
            _pause = TimeSpan.Zero;
            if (connection.IsStale() && !await Reconnecting.TryAsync(connection, stop))
                return false;
            return !stop.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async ValueTask SendBurstAsync(CancellationToken stop)
    {
        var answered = 0;
        var buffer = ArrayPool<byte>.Shared.Rent(policy.MaxBytes(_burst));
        try
        {
            var length = Write(buffer);
            if (pacer is not null)
                await pacer.WaitAsync(_burst[0].Due);
            if (stop.IsCancellationRequested)
            {
                GiveUp();
                return;
            }

            var sentAt = Stopwatch.GetTimestamp();
            tally.Started(sentAt);
            await connection.SendAsync(buffer.AsMemory(0, length));
            var closes = false;
            while (answered < _burst.Count && !closes)
            {
                var answer = await connection.ReadAsync();
                closes = answer.Closes;
                Settle(_burst[answered++], answer, sentAt);
            }

            connection.Settle();
            if (closes)
                connection.Close();
            if (answered < _burst.Count)
                tally.Cut();
        }
        catch (Exception e) when (HttpConnection.IsLoss(e))
        {
            tally.Cut();
            tally.Problem(connection.WasAborted
                ? "no answer within --timeout: cut by this client"
                : $"connection cut: {e.Message}");
            connection.Close();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        for (; answered < _burst.Count; answered++)
            Unknown(_burst[answered] with { Attempts = _burst[answered].Attempts + 1 }, 0);
        _burst.Clear();
        _burst.AddRange(_again);
        _again.Clear();
    }

    private int Write(Span<byte> buffer)
    {
        var at = 0;
        foreach (var job in _burst)
        {
            var request = buffer[at..];
            var body = policy.Template.Length;
            for (var i = 0; i < job.Count; i++)
            {
                body += TradeJson.Write(generator.Make(job.First + i), request[body..]);
                if (policy.Batched)
                    request[body++] = (byte)'\n';
            }

            policy.Template.Write(request, body - policy.Template.Length);
            at += body;
        }

        return at;
    }

    private void Settle(Job job, in Answer answer, long sentAt)
    {
        var now = Stopwatch.GetTimestamp();
        // The pacer may wake a little early: then it counts from the send.
        var latency = now - (job.Due == 0 ? sentAt : Math.Min(job.Due, sentAt));
        job = job with { Attempts = job.Attempts + 1 };
        switch (answer.Status)
        {
            case 202 when Understand(job, answer, out var counts):
                tally.Answered(job, 202, counts, latency, now);
                break;
            case 429 or 503 when job.Attempts <= SendPolicy.MaxRetries:
                tally.WillRetry(job, answer.Status);
                _again.Add(job);
                _pause = SendPolicy.PauseAfter(job.Attempts, answer.RetryAfter);
                break;
            case 429 or 503:
                tally.Refused(job, answer.Status);
                break;
            case >= 400 and < 500:
                tally.Problem($"{answer.Status}: {answer.Start()}");
                tally.Answered(job, answer.Status, new BatchAnswer(0, job.Count, []), latency, now);
                break;
            default:
                tally.Problem($"{answer.Status}: {answer.Start()}");
                Unknown(job, answer.Status);
                break;
        }
    }

    private bool Understand(in Job job, in Answer answer, out BatchAnswer counts)
    {
        counts = new BatchAnswer(job.Count, 0, []);
        if (!policy.Batched || answer.Body.IsEmpty)
            return true;
        if (!BatchAnswer.TryParse(answer.Body.Span, out counts))
            return false;
        if (counts.Rejected > 0)
            tally.Problem($"202 with rejects: {answer.Start()}");
        return counts.Accepted + counts.Rejected == job.Count;
    }

    private void Unknown(in Job job, int status)
    {
        if (policy.RetryUnknown && job.Attempts <= SendPolicy.MaxRetries)
        {
            tally.WillRetry(job, 0);
            _again.Add(job with { Doubtful = true });
        }
        else
        {
            tally.Unanswered(job, status);
        }
    }

    private void GiveUp()
    {
        // What was never sent is no one's answer: it shows as not sent.
        foreach (var job in _burst.Where(job => job.Attempts > 0))
            tally.Refused(job, 0);
        _burst.Clear();
    }
}
