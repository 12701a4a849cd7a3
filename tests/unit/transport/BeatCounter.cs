using TradeProcessor.Consumer.Transport;

namespace TradeProcessor.Tests.Unit.Transport;

/// <summary>Counts what a loop's beats tell it.</summary>
internal sealed class BeatCounter(bool presses) : IConnectionWatch
{
    public bool IsPressing { get; set; } = presses;

    public int Beats { get; private set; }

    public int Seconds { get; private set; }

    public void Beat(int seconds)
    {
        Beats++;
        Seconds += seconds;
    }

    public void RequestEnd()
    {
    }
}
