using Spectre.Console;

namespace TradeProcessor.Load.Reporting;

/// <summary>
/// Where lines go: stdout, or stderr where --json keeps stdout for the one object.
/// </summary>
internal sealed class Terminal(bool json)
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(1);

    // Lines must not run into the bar while it is drawn; elsewhere they must not be wrapped.
    private volatile bool _drawing;

    public bool Json => json;

    private bool HasBar => !json && !Console.IsOutputRedirected;

    public void Line(string text)
    {
        if (_drawing)
            AnsiConsole.WriteLine(text);
        else
            (json ? Console.Error : Console.Out).WriteLine(text);
    }

    /// <summary>Shows how far the work is until it ends; throws what the work throws.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="share">Done so far, from 0 to 1; null where there is no known end.</param>
    /// <param name="detail">A few words, such as count and rate.</param>
    /// <param name="work">The work, already running.</param>
    public async Task ShowAsync(string title, Func<double?> share, Func<string> detail, Task work)
    {
        if (HasBar)
        {
            _drawing = true;
            await ShowBarAsync(title, share, detail, work);
            _drawing = false;
        }
        else
        {
            await ShowLinesAsync(title, share, detail, work);
        }

        await work;
    }

    private static Task ShowBarAsync(
        string title, Func<double?> share, Func<string> detail, Task work) =>
        AnsiConsole.Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(title), maxValue: 1);
                while (true)
                {
                    var done = await Task.WhenAny(work, Task.Delay(Redraw)) == work;
                    bar.IsIndeterminate = share() is null && !done;
                    bar.Value = share() ?? (done ? 1 : 0);
                    bar.Description = Markup.Escape($"{title} {detail()}");
                    if (done)
                        return;
                }
            });

    private async Task ShowLinesAsync(
        string title, Func<double?> share, Func<string> detail, Task work)
    {
        while (await Task.WhenAny(work, Task.Delay(LineEvery)) != work)
        {
            var percent = share() is { } done ? $" {(int)(done * 100)}%" : "";
            Line($"{title}{percent} {detail()}");
        }
    }
}
