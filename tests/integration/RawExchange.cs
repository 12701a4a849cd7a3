using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace TradeProcessor.Tests.Integration;

/// <summary>How a client sends its pieces.</summary>
/// <param name="PauseMs">Milliseconds between one piece and the next.</param>
/// <param name="Ends">
/// It ends its side behind them and goes on reading; nothing more follows, neither the last request
/// nor spaces.
/// </param>
/// <param name="Waits">Likewise, but with its side open.</param>
internal sealed record Sending(int PauseMs = 0, bool Ends = false, bool Waits = false)
{
    public static readonly Sending Usual = new();

    /// <summary>Each piece is a read of its own there, and a body waits for its rest.</summary>
    public static readonly Sending Slow = new(PauseMs: 20);

    public static readonly Sending Ended = new(Ends: true);

    /// <summary>Sends nothing more, and reads until the host ends the connection.</summary>
    public static readonly Sending Waiting = new(Waits: true);

    public static readonly Sending SlowAndEnded = new(PauseMs: 20, Ends: true);
}

/// <summary>
/// One connection's bytes there and back. Behind what is sent comes a last request that closes;
/// where the host waits for more even then, so many spaces that no limit holds them.
/// </summary>
internal sealed partial class RawExchange(Uri address, byte[][] pieces, Sending sending)
    : IDisposable
{
    private static readonly byte[] Last =
        "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray();

    private static readonly byte[] Filler = [.. Enumerable.Repeat((byte)' ', 9 << 20)];

    // Long enough that most connections have ended; one that has not is only asked once more.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TcpClient _client = new() { NoDelay = true };
    private readonly MemoryStream _answers = new();
    private readonly CancellationTokenSource _limit = new(Patience);
    private NetworkStream? _stream;

    /// <summary>The end was no orderly one: answers can have been lost.</summary>
    public bool WasReset { get; private set; }

    private bool SendsNothingMore => sending.Ends || sending.Waits;

    /// <summary>What each has answered, without dates.</summary>
    public static async Task<string[]> RunAsync(RawExchange[] exchanges)
    {
        var reading = exchanges.Select(exchange => exchange.StartAsync()).ToArray();
        var ends = await Task.WhenAll(reading);
        await Task.WhenAny(Task.WhenAll(ends), Task.Delay(Quiet));
        for (var i = 0; i < exchanges.Length; i++)
        {
            if (!ends[i].IsCompleted && !exchanges[i].SendsNothingMore)
                await exchanges[i].SendAsync(Filler);
        }
        await Task.WhenAll(ends);
        return [.. exchanges.Select(exchange => exchange.End())];
    }

    public static string Show(byte[][] pieces) =>
        string.Join('|', pieces.Select(piece => Encoding.Latin1.GetString(piece)));

    public void Dispose()
    {
        _client.Dispose();
        _answers.Dispose();
        _limit.Dispose();
    }

    // The inner task ends with the connection.
    private async Task<Task> StartAsync()
    {
        await _client.ConnectAsync(address.Host, address.Port, _limit.Token);
        _stream = _client.GetStream();
        var reading = ReadAsync();
        for (var i = 0; i < pieces.Length; i++)
        {
            if (i > 0 && sending.PauseMs > 0)
                await Task.Delay(sending.PauseMs);
            await SendAsync(pieces[i]);
            await Task.Yield();
        }
        if (sending.Ends)
            End(_client.Client);
        else if (!sending.Waits)
            await SendAsync(Last);
        return reading;
    }

    private async Task SendAsync(byte[] bytes)
    {
        try
        {
            await _stream!.WriteAsync(bytes, _limit.Token);
        }
        catch (IOException)
        {
            WasReset = true;
        }
    }

    private void End(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            WasReset = true;
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            await _stream!.CopyToAsync(_answers, _limit.Token);
        }
        catch (IOException)
        {
            WasReset = true;
        }
    }

    private string End()
    {
        var text = Encoding.Latin1.GetString(_answers.ToArray());
        Dispose();
        return ByChance().Replace(text, "");
    }

    // The time, and Kestrel's word to go on, which it only says while the body is not there yet.
    [GeneratedRegex("\r\nDate: [^\r]*|HTTP/1.1 100 Continue\r\n\r\n")]
    private static partial Regex ByChance();
}
