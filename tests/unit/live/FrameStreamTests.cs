using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using TradeProcessor.Frontend.Live;

namespace TradeProcessor.Tests.Unit.Live;

/// <summary>Frames beside those of a real WebSocket, read by another one over a real socket.</summary>
public sealed class FrameStreamTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TcpClient _near = new();
    private TcpClient _far = null!;
    private FrameStream _frames = null!;
    private WebSocket _server = null!;
    private WebSocket _client = null!;

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _listener.Start();
        await _near.ConnectAsync((IPEndPoint)_listener.LocalEndpoint);
        _far = await _listener.AcceptTcpClientAsync();
        _frames = new FrameStream(_near.GetStream());
        _server = WebSocket.CreateFromStream(_frames, new WebSocketCreationOptions { IsServer = true });
        _client = WebSocket.CreateFromStream(_far.GetStream(), new WebSocketCreationOptions());
    }

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        _client.Dispose();
        _far.Dispose();
        _near.Dispose();
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }

    private static LiveMessage Message(int number, int length) =>
        new(Encoding.UTF8.GetBytes($"\"{number}:{new string('x', length)}\""));

    private static string TextOf(LiveMessage message) =>
        $$"""{"type":1,"target":"update","arguments":[{{Encoding.UTF8.GetString(message.Json.Span)}}]}"""
        + '\u001e';

    private async Task<string?> ReadAsync()
    {
        var text = new MemoryStream();
        var buffer = new byte[64 << 10];
        while (true)
        {
            var read = await _client.ReceiveAsync(buffer, Limit);
            if (read.MessageType == WebSocketMessageType.Close)
                return null;
            text.Write(buffer, 0, read.Count);
            if (read.EndOfMessage)
                return Encoding.UTF8.GetString(text.ToArray());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)] // 125 bytes are the longest for the first form of a length, 65,535 for the second
    [InlineData(76)]
    [InlineData(77)]
    [InlineData(78)]
    [InlineData(65_480)]
    [InlineData(65_486)]
    [InlineData(65_487)]
    [InlineData(65_488)]
    [InlineData(1_000_000)]
    public async Task UpdateFrame_OfAnyLength_IsReadAsTheHubsMessage(int length)
    {
        var message = Message(7, length);
        var reading = ReadAsync();
        await _frames.SendAsync(message.UpdateFrame, Limit);
        Assert.Equal(TextOf(message), await reading);
    }

    [Fact]
    public async Task Send_BesideMessagesOfTheWebSocket_BothArriveWholeAndInOrder()
    {
        const int Seed = 1122;
        const int Messages = 3000;
        output.WriteLine($"seed {Seed}");
        var reading = Task.Run(async () =>
        {
            var read = new List<string>();
            while (read.Count < 2 * Messages)
                read.Add((await ReadAsync())!);
            return read;
        }, Limit);
        var own = Task.Run(async () =>
        {
            var random = new Random(Seed);
            for (var i = 0; i < Messages; i++)
            {
                var bytes = Encoding.UTF8.GetBytes($"own {i} {new string('y', random.Next(300))}");
                var at = 0;
                while (at < bytes.Length)
                {
                    var piece = Math.Min(bytes.Length - at, 1 + random.Next(200));
                    await _server.SendAsync(
                        bytes.AsMemory(at, piece), WebSocketMessageType.Text,
                        endOfMessage: at + piece == bytes.Length, Limit);
                    at += piece;
                }
            }
        }, Limit);
        var shared = Task.Run(async () =>
        {
            var random = new Random(Seed + 1);
            for (var i = 0; i < Messages; i++)
                await _frames.SendAsync(Message(i, random.Next(300)).UpdateFrame, Limit);
        }, Limit);
        await Task.WhenAll(own, shared);
        var all = await reading;
        var owns = all.Where(text => text.StartsWith("own", StringComparison.Ordinal)).ToList();
        Assert.Equal(Enumerable.Range(0, Messages), owns.Select(text => int.Parse(text.Split(' ')[1])));
        var randomOwn = new Random(Seed);
        foreach (var text in owns)
        {
            var length = randomOwn.Next(300);
            Assert.Equal(new string('y', length), text.Split(' ')[2]);
            for (var at = 0; at < text.Length;)
                at += Math.Min(text.Length - at, 1 + randomOwn.Next(200));
        }
        var randomShared = new Random(Seed + 1);
        Assert.Equal(
            Enumerable.Range(0, Messages).Select(i => TextOf(Message(i, randomShared.Next(300)))),
            all.Where(text => !text.StartsWith("own", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Send_BehindAClose_SendsNothing()
    {
        await _server.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Limit);
        await _frames.SendAsync(Message(1, 10).UpdateFrame, Limit);
        _near.Client.Shutdown(SocketShutdown.Send);
        Assert.Null(await ReadAsync());
        Assert.Equal(0, await _far.GetStream().ReadAsync(new byte[1], Limit));
    }

    [Fact]
    public async Task Send_WhileAMessageIsHalfWritten_WaitsForItsEnd()
    {
        await _server.SendAsync("ab"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: false, Limit);
        var message = Message(1, 10);
        var sending = _frames.SendAsync(message.UpdateFrame, Limit).AsTask();
        Assert.False(sending.IsCompleted);
        await _server.SendAsync("cd"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Limit);
        await sending;
        Assert.Equal("abcd", await ReadAsync());
        Assert.Equal(TextOf(message), await ReadAsync());
    }
}
