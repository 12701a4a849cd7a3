using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace TradeProcessor.Tests.Integration;

/// <summary>
/// One connection's bytes there and back. Behind what is sent comes a last request that closes;
/// where the host waits for more even then, so many spaces that no limit holds them.
/// </summary>
internal sealed partial class RawExchange(Uri address, byte[][] pieces) : IDisposable
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

    /// <summary>What each has answered, without dates.</summary>
    public static async Task<string[]> RunAsync(RawExchange[] exchanges)
    {
        var reading = exchanges.Select(exchange => exchange.StartAsync()).ToArray();
        var ends = await Task.WhenAll(reading);
        await Task.WhenAny(Task.WhenAll(ends), Task.Delay(Quiet));
        for (var i = 0; i < exchanges.Length; i++)
        {
            if (!ends[i].IsCompleted)
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
        foreach (var piece in pieces)
        {
            await SendAsync(piece);
            await Task.Yield();
        }
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
