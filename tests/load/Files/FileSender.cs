using System.Text.Json;
using System.Threading.Channels;
using TradeProcessor.Load.Http;
using TradeProcessor.Load.Sending;

namespace TradeProcessor.Load.Files;

/// <summary>
/// Sends batches of lines, one at a time. A batch that is refused whole was not logged, so it may
/// be cut in halves and sent again until each bad line stands alone; a batch of which anything was
/// accepted is never sent again.
/// </summary>
internal sealed class FileSender(
    HttpConnection connection, RequestTemplate template, bool retryUnknown, FileTotals totals)
{
    private byte[] _request = [];

    /// <exception cref="UsageException">The service does not take trades here at all.</exception>
    public async Task RunAsync(ChannelReader<LineBatch> batches, CancellationToken stop)
    {
        while (await batches.WaitToReadAsync(CancellationToken.None))
        {
            while (batches.TryRead(out var batch))
                await SendAsync(batch, stop);
        }
    }

    private async Task SendAsync(LineBatch batch, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (connection.IsStale() && !await Reconnecting.TryAsync(connection, stop))
                {
                    totals.Refuse(batch, "the service cannot be reached any more");
                    return;
                }

                var answer = await PostAsync(batch);
                if (answer.Status is not (429 or 503))
                {
                    await SettleAsync(batch, answer, stop);
                    return;
                }

                if (attempt > SendPolicy.MaxRetries)
                {
                    totals.Refuse(batch, $"still {answer.Status}");
                    return;
                }

                await Task.Delay(SendPolicy.PauseAfter(attempt, answer.RetryAfter), stop);
            }
            catch (Exception e) when (HttpConnection.IsLoss(e))
            {
                connection.Close();
                if (retryUnknown && attempt <= SendPolicy.MaxRetries)
                    continue;
                totals.Unknown(batch, e.Message);
                return;
            }
            catch (OperationCanceledException)
            {
                totals.Refuse(batch, "interrupted");
                return;
            }
        }
    }

    private async ValueTask<Answer> PostAsync(LineBatch batch)
    {
        var length = template.Length + batch.Body.Length;
        if (_request.Length < length)
            _request = new byte[length * 2];
        template.Write(_request, batch.Body.Length);
        batch.Body.CopyTo(_request.AsMemory(template.Length));
        await connection.SendAsync(_request.AsMemory(0, length));
        var answer = await connection.ReadAsync();
        connection.Settle();
        if (answer.Closes)
            connection.Close();
        return answer;
    }

    private async Task SettleAsync(LineBatch batch, Answer answer, CancellationToken stop)
    {
        var isBatchAnswer = BatchAnswer.TryParse(answer.Body.Span, out var counts)
            && counts.Accepted + counts.Rejected == batch.Count;
        switch (answer.Status)
        {
            case 202 when isBatchAnswer || answer.Body.IsEmpty:
                Report(batch, isBatchAnswer ? counts : new BatchAnswer(batch.Count, 0, []));
                break;
            case 400 when isBatchAnswer && counts.NamedTrades == batch.Count:
                Report(batch, counts);
                break;
            case 400 or 413 when batch.Count > 1:
                var (first, second) = batch.Halve();
                await SendAsync(first, stop);
                await SendAsync(second, stop);
                break;
            case 400 or 413:
                totals.Reject(1);
                foreach (var (field, code) in Reasons(answer))
                    totals.Describe(batch.Path, batch.NumberOf(0), field, code);
                break;
            case >= 400 and < 500:
                throw new UsageException(
                    $"POST /trades answers {answer.Status} {answer.Start()}; is --url right?");
            default:
                totals.Unknown(batch, $"status {answer.Status}");
                break;
        }
    }

    private void Report(LineBatch batch, in BatchAnswer counts)
    {
        totals.Accept(counts.Accepted);
        totals.Reject(counts.Rejected);
        foreach (var error in counts.Errors.Where(e => e.Index >= 0 && e.Index < batch.Count))
            totals.Describe(batch.Path, batch.NumberOf(error.Index), error.Field, error.Code);

        // Only where single lines have several errors: an answer lists 100 errors, not lines.
        var unlisted = counts.Rejected - counts.NamedTrades;
        if (unlisted > 0)
        {
            var from = counts.Errors.Count == 0 ? 0 : counts.Errors.Max(error => error.Index) + 1;
            totals.RejectUnlisted(batch, Math.Min(from, batch.Count - 1), unlisted);
        }
    }

    // A single trade is refused with "errors": {"field": ["code"]}, or only with a problem type.
    private static List<(string Field, string Code)> Reasons(Answer answer)
    {
        try
        {
            using var problem = JsonDocument.Parse(answer.Body);
            var root = problem.RootElement;
            if (root.TryGetProperty("errors", out var errors)
                && errors.ValueKind == JsonValueKind.Object)
            {
                return
                [
                    .. from field in errors.EnumerateObject()
                       from code in field.Value.EnumerateArray()
                       select (field.Name, code.GetString() ?? ""),
                ];
            }

            if (root.TryGetProperty("type", out var type) && type.GetString() is { } name)
                return [("", name[(name.LastIndexOf(':') + 1)..])];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not a problem document: the status has to do.
        }

        return [("", $"status_{answer.Status}")];
    }
}
