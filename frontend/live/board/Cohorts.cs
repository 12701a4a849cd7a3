using TradeProcessor.Contracts;

namespace TradeProcessor.Frontend.Live;

/// <summary>
/// Viewers in cohorts that take turns within a tick. All at one instant would be a burst in which
/// the last of thousands is told much later than the first. There is always one, and there are no
/// more than are needed, so that few viewers are told at once when something changes. Not
/// thread-safe but for <see cref="Remove"/> and <see cref="Count"/>.
/// </summary>
internal sealed class Cohorts : IDisposable
{
    // Turns of a tick of 250 ms are then 12.5 ms apart; timers keep no appointments much closer.
    private const int Most = 20;

    private readonly ILiveFeed _feed;
    private readonly LiveOptions _options;
    private volatile Cohort[] _all;
    private int _next;

    public Cohorts(ILiveFeed feed, LiveOptions options)
    {
        _feed = feed;
        _options = options;
        _all = [NewCohort()];
    }

    public int Count => _all.Length;

    public IEnumerable<Viewer> Viewers => _all.SelectMany(cohort => cohort.Viewers);

    /// <summary>The one that was told longest ago.</summary>
    public Cohort Next => _all[_next];

    /// <summary>Its turn is over.</summary>
    public void Advance()
    {
        if (Next.IsEmpty && _all.Length > 1)
        {
            Next.Dispose();
            _all = [.. _all.Where(cohort => cohort != Next)];
        }
        else
        {
            _next++;
        }
        _next %= _all.Length;
    }

    /// <summary>Where the connection is, or where there is room for it.</summary>
    public Cohort Of(string connectionId)
    {
        if (_all.FirstOrDefault(cohort => cohort.Find(connectionId) is not null) is { } its)
            return its;
        if (_all.FirstOrDefault(cohort => cohort.Count < _options.CohortViewers) is { } free)
            return free;
        if (_all.Length == Most)
            return _all.MinBy(cohort => cohort.Count)!;
        var added = NewCohort();
        _all = [.. _all, added];
        return added;
    }

    /// <summary>Null where it is in none.</summary>
    public Viewer? Remove(string connectionId)
    {
        foreach (var cohort in _all)
        {
            if (cohort.Remove(connectionId) is { } viewer)
                return viewer;
        }
        return null;
    }

    public void Dispose()
    {
        foreach (var cohort in _all)
            cohort.Dispose();
    }

    private Cohort NewCohort() => new(_feed, (int)(TimeSpan.FromSeconds(1) / _options.Tick));
}
