using TradeProcessor.Frontend.Live;

namespace TradeProcessor.Tests.Unit.Live;

/// <summary>A browser that takes nothing holds a few messages, and is cut off in the end.</summary>
public sealed class ViewerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly ManualTime _time = new(DateTime.UnixEpoch);
    private readonly Link _link = new();
    private readonly Viewer _viewer;

    public ViewerTests() => _viewer = new Viewer(default, _link, queueLength: 3, _time);

    private static LiveMessage Message(byte name) => new(new[] { name });

    [Fact]
    public void Offer_LinkTakesAll_SendsInOrderAtOnce()
    {
        for (byte i = 0; i < 5; i++)
            _viewer.Offer(Message(i));
        Assert.Equal([0, 1, 2, 3, 4], _link.Taken);
        _time.Advance(2 * Limit);
        Assert.False(_viewer.CutIfStuck(Limit));
    }

    [Fact]
    public void Offer_LinkIsStuck_KeepsOnlyTheNewest()
    {
        _link.Block();
        for (byte i = 0; i < 9; i++)
            _viewer.Offer(Message(i)); // 0 is under way, 1–3 wait and go, as do 4–6
        _link.Release();
        Assert.Equal([0, 7, 8], _link.Taken);
        Assert.Equal(6, _viewer.Dropped);
    }

    [Fact]
    public void CutIfStuck_LongerThanTheLimit_CutsOnce()
    {
        _link.Block();
        _viewer.Offer(Message(0));
        _time.Advance(Limit - TimeSpan.FromSeconds(1));
        Assert.False(_viewer.CutIfStuck(Limit));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_viewer.CutIfStuck(Limit));
        Assert.True(_link.IsCut);
        Assert.False(_viewer.CutIfStuck(Limit));
        _viewer.Offer(Message(1));
        _link.Release();
        Assert.Equal([0], _link.Taken);
    }

    private sealed class Link : IViewerLink
    {
        private TaskCompletionSource? _gate;

        public List<int> Taken { get; } = [];

        public bool IsCut { get; private set; }

        public void Block() => _gate = new TaskCompletionSource();

        public void Release()
        {
            var gate = _gate!;
            _gate = null;
            gate.SetResult();
        }

        public async ValueTask SendAsync(LiveMessage message)
        {
            Taken.Add(message.Json.Span[0]);
            if (_gate is { } gate)
                await gate.Task.ConfigureAwait(false);
        }

        public void Cut() => IsCut = true;
    }
}
