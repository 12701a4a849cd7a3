using System.Net;
using System.Net.Sockets;
using System.Text;
using TradeProcessor.Tests.Faults.Accounting;
using TradeProcessor.Tests.Faults.Clients;
using TradeProcessor.Tests.Faults.Programs;

namespace TradeProcessor.Tests.Faults;

/// <summary>Connections between client and consumer that end in the middle.</summary>
public sealed class CutConnectionTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Cut_AtRandomBytesOfRequestsAndAnswers_StoresNothingTwiceAndLosesNothing()
    {
        var seed = Settings.Seed();
        var cuts = Settings.Number("TP_CUTS", 40);
        output.WriteLine($"TP_SEED={seed} TP_CUTS={cuts}");
        var random = new Random(seed);
        await using var cluster = await Cluster.StartAsync(new ClusterSettings { Workers = 1 });
        await using var proxy = new FaultProxy(cluster.Consumers[0].Address.Port);
        var (book, journal) = (new PageBook(), new Journal());
        var address = new Uri($"http://127.0.0.1:{proxy.Port}");
        await using (var load = new Load(Lane.Mixed, seed, [address], book, journal))
        {
            for (var i = 0; i < cuts; i++)
            {
                switch (random.Next(4))
                {
                    case 0:
                        proxy.CutAfter(Flow.ToServer, random.Next(1, 3000));
                        break;
                    case 1:
                        proxy.CutAfter(Flow.ToClient, random.Next(1, 400));
                        break;
                    case 2:
                        proxy.HalfClose(random.Next(2) == 0 ? Flow.ToServer : Flow.ToClient);
                        break;
                    default:
                        proxy.Cut();
                        break;
                }
                await Task.Delay(random.Next(10, 150), TestContext.Current.CancellationToken);
                proxy.Pass();
                await Task.Delay(random.Next(10, 50), TestContext.Current.CancellationToken);
            }
        }
        Assert.Contains(journal.Answers, answer => answer.Status is null);
        Assert.Contains(journal.Answers, answer => answer.Status == HttpStatusCode.Accepted);
        await Accounts.AssertAsync(cluster, book, journal, output);
    }

    [Fact]
    public async Task HalfBody_ThenTheEnd_StoresNothingOfIt()
    {
        const int Seed = 31;
        var random = new Random(Seed);
        await using var cluster = await Cluster.StartAsync(new ClusterSettings { Workers = 1 });
        var (book, journal) = (new PageBook(), new Journal());
        foreach (var shape in Enum.GetValues<BodyShape>())
        {
            for (var i = 0; i < 10; i++)
            {
                // Nothing of it is booked: whatever were stored of it would be one too many.
                var request = new TradeRequest(
                    book.Next(), shape, shape == BodyShape.Single ? 1 : 5, random);
                await SendPartAsync(cluster.Consumers[0].Address, request, random);
            }
        }
        await using (var load = new Load(
            [new Lane()], Seed, [cluster.Consumers[0].Address], book, journal))
        {
            await Eventually.TrueAsync("whole ones are taken", TimeSpan.FromSeconds(10), () =>
                Task.FromResult(journal.AcknowledgedTrades > 10));
        }
        await Accounts.AssertAsync(cluster, book, journal, output);
    }

    // All but some of the body; then either side may end the connection first.
    private static async Task SendPartAsync(Uri address, TradeRequest request, Random random)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /trades HTTP/1.1\r\nHost: x\r\nContent-Type: {request.MediaType}\r\n"
            + $"Content-Length: {request.Body.Length}\r\n\r\n"));
        await stream.WriteAsync(request.Body.AsMemory(0, random.Next(request.Body.Length)));
        client.Client.Shutdown(SocketShutdown.Send);
        var buffer = new byte[1024];
        try
        {
            var read = await stream.ReadAsync(buffer);
            Assert.DoesNotContain("202", Encoding.ASCII.GetString(buffer, 0, Math.Min(read, 12)));
        }
        catch (IOException)
        {
            // Reset, as an answer nobody waits for may be.
        }
    }
}
