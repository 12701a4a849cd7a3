using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TradeProcessor.Bench.Programs;

namespace TradeProcessor.Bench.Servers;

/// <summary>
/// Answers 202 to whatever has a Content-Length and looks at nothing else: what a generator reaches
/// against it is the generator's own ceiling. Runs as a program of its own.
/// </summary>
internal sealed class NullServer : IDisposable
{
    /// <summary>First argument of the program that is this server; the second is the port.</summary>
    public const string Command = "null-server";

    private const int Backlog = 1024;

    public NullServer()
    {
        var port = Loopback.FreePort();
        Trades = new Uri($"http://127.0.0.1:{port}/trades");
        Process = ChildProcess.OnCore(
            Cores.Server,
            "env", "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1", "DOTNET_TieredPGO=0",
            "dotnet", typeof(NullServer).Assembly.Location,
            Command, port.ToString(CultureInfo.InvariantCulture));
    }

    public Uri Trades { get; }

    public ChildProcess Process { get; }

    public void Dispose() => Process.Dispose();

    public static async Task RunAsync(int port)
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(Backlog);
        while (true)
        {
            var socket = await listener.AcceptAsync();
            socket.NoDelay = true;
            _ = AnswerAsync(socket);
        }
    }

    private static async Task AnswerAsync(Socket socket)
    {
        using var owned = socket;
        var requests = new NullRequests();
        try
        {
            while (true)
            {
                var read = await socket.ReceiveAsync(requests.Free);
                if (read == 0)
                    return;
                var answers = requests.Take(read);
                if (answers.Length > 0)
                    _ = await socket.SendAsync(answers);
            }
        }
        catch (SocketException)
        {
            // The generator has gone.
        }
    }
}
