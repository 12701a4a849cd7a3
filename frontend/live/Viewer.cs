using System.Threading.Channels;

namespace TradeProcessor.Frontend.Live;

/// <summary>
/// One browser: what it watches and a short queue of messages for it. When it reads too slowly the
/// oldest are dropped; nobody waits for it.
/// </summary>
internal sealed class Viewer(View view, int queueLength)
{
    private readonly Channel<LiveMessage> _queue = Channel.CreateBounded<LiveMessage>(
        new BoundedChannelOptions(queueLength)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
            SingleReader = true,
        });

    public View View { get; set; } = view;

    public void Offer(LiveMessage message) => _ = _queue.Writer.TryWrite(message);

    public void Close() => _ = _queue.Writer.TryComplete();

    /// <summary>Sends what is offered, one after the other, until closed.</summary>
    public async Task PumpAsync(Func<LiveMessage, Task> send)
    {
        try
        {
            await foreach (var message in _queue.Reader.ReadAllAsync())
                await send(message);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The connection broke; its end is told to the hub.
        }
    }
}
