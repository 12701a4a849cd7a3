namespace TradeProcessor.Bench.Board;

/// <summary>How long a benchmark may take.</summary>
/// <param name="Rounds">Of A B or B A.</param>
/// <param name="Seconds">Of load in one sample.</param>
/// <param name="WarmUpSeconds">Past tiered compilation: on one core that takes seconds.</param>
/// <param name="WatchSeconds">Of load while a page or connections are watched.</param>
/// <param name="SoakMinutes">Of full load.</param>
/// <param name="PageMinutes">Of a page that stays open.</param>
/// <param name="IdleRounds">Of A B B A with idle connections.</param>
/// <param name="LiveRounds">Of A B or B A with live clients.</param>
/// <param name="Timing">Of what runs in this process.</param>
internal sealed record Pace(
    int Rounds,
    int Seconds,
    int WarmUpSeconds,
    int WatchSeconds,
    double SoakMinutes,
    double PageMinutes,
    int IdleRounds,
    int LiveRounds,
    Timing Timing)
{
    public static Pace Full { get; } = new(6, 4, 8, 50, 10, 60, 3, 3, Timing.Full);

    public static Pace Quick { get; } = new(2, 2, 4, 10, 1, 1, 1, 1, Timing.Quick);
}
