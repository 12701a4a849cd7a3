using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TradeProcessor.Bench.Live;

/// <summary>
/// The peer: Kestrel's WebSockets without a hub, which sends the same bytes to all, four times a
/// second, over and over.
/// </summary>
internal static class BareSockets
{
    public const string Name = "bare-sockets";

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    /// <param name="file">JSON array of messages as they are on the wire.</param>
    public static async Task RunAsync(string url, string file)
    {
        var messages = JsonSerializer.Deserialize<string[]>(await File.ReadAllTextAsync(file))!
            .Select(Encoding.UTF8.GetBytes)
            .ToArray();
        var sockets = new ConcurrentDictionary<WebSocket, bool>();
        var builder = WebApplication.CreateBuilder();
        _ = builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var app = builder.Build();
        _ = app.UseWebSockets();
        _ = app.MapGet("/health/ready", () => Results.Ok());
        _ = app.Map("/live", context => ServeAsync(context, sockets));
        await app.StartAsync();
        using var timer = new PeriodicTimer(Tick);
        for (var next = 0; await timer.WaitForNextTickAsync(); next = (next + 1) % messages.Length)
        {
            var message = messages[next];
            await Task.WhenAll(sockets.Keys.Select(socket => SendAsync(socket, message)));
        }
    }

    private static async Task ServeAsync(
        HttpContext context, ConcurrentDictionary<WebSocket, bool> sockets)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        sockets[socket] = true;
        try
        {
            _ = await socket.ReceiveAsync(new byte[256], context.RequestAborted);
        }
        catch (Exception exception)
            when (exception is WebSocketException or OperationCanceledException)
        {
            // It has ended.
        }
        _ = sockets.TryRemove(socket, out _);
    }

    private static async Task SendAsync(WebSocket socket, byte[] message)
    {
        try
        {
            await socket.SendAsync(message, WebSocketMessageType.Text, true, default);
        }
        catch (Exception exception)
            when (exception is WebSocketException or OperationCanceledException
                or ObjectDisposedException or InvalidOperationException)
        {
            // Its end is told to the one who serves it.
        }
    }
}
