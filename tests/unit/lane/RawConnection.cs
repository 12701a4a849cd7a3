using System.Net.Sockets;
using System.Text;

namespace TradeProcessor.Tests.Unit.Lane;

/// <summary>A connection over TCP that sends bytes as they are.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client;
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));

    private RawConnection(TcpClient client)
    {
        _client = client;
        Answers = new AnswerReader(client.GetStream());
    }

    public AnswerReader Answers { get; }

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(
            address.Host, address.Port, TestContext.Current.CancellationToken);
        return new RawConnection(client);
    }

    public async Task SendAsync(string text) => await _client.GetStream().WriteAsync(
        Encoding.Latin1.GetBytes(text), _limit.Token);

    public void Dispose()
    {
        Answers.Dispose();
        _limit.Dispose();
        _client.Dispose();
    }
}
