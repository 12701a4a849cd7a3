using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using TradeProcessor.Tests.Faults.Programs;

namespace TradeProcessor.Tests.Faults;

/// <summary>What clients see of the programs through HAProxy.</summary>
public sealed class BalancerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    // Of SignalR: ends each of its messages.
    private const char Separator = '\u001e';

    [Fact]
    public async Task Live_IsAWebSocketWithAHub()
    {
        await using var cluster = await Cluster.StartAsync(
            new ClusterSettings { Consumers = 2, Workers = 1 });
        await using var balancer = new HaProxy(cluster);
        await balancer.UntilServedAsync();
        using var limit = new CancellationTokenSource(Limit);
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        var address = new UriBuilder(balancer.Address) { Scheme = "ws", Path = "/live" };
        await socket.ConnectAsync(address.Uri, limit.Token);
        Assert.Equal(HttpStatusCode.SwitchingProtocols, socket.HttpStatusCode);
        await socket.SendAsync(
            Encoding.ASCII.GetBytes($$"""{"protocol":"json","version":1}{{Separator}}"""),
            WebSocketMessageType.Text, endOfMessage: true, limit.Token);
        var text = "";
        var buffer = new byte[4096];
        while (!text.Contains(Separator))
        {
            var got = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
            Assert.Equal(WebSocketMessageType.Text, got.MessageType);
            text += Encoding.UTF8.GetString(buffer, 0, got.Count);
        }
        Assert.Equal("{}", text.Split(Separator)[0]);
    }

    [Fact]
    public async Task Consumers_AllAway_Is503UntilOneIsBack()
    {
        await using var cluster = await Cluster.StartAsync(
            new ClusterSettings { Consumers = 2, Workers = 1 });
        await using var balancer = new HaProxy(cluster);
        await balancer.UntilServedAsync();
        await Task.WhenAll(cluster.Consumers.Select(consumer => consumer.KillAsync()));
        foreach (var consumer in cluster.Consumers)
            _ = await UntilClosedAsync(consumer.Address);
        using var client = new HttpClient { BaseAddress = balancer.Address, Timeout = Limit };
        // From the first one on, also before HAProxy has noticed.
        for (var i = 0; i < 50; i++)
        {
            using var refused = await PostAsync(client);
            await AssertProblemAsync(refused, HttpStatusCode.ServiceUnavailable, "unavailable");
        }
        using var others = await client.GetAsync(
            new Uri("/api/summary", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, others.StatusCode);

        await cluster.Consumers[1].StartAsync();
        _ = await Eventually.TrueAsync("a consumer is found again", Limit, async () =>
        {
            using var answer = await PostAsync(client);
            if (answer.StatusCode == HttpStatusCode.Accepted)
                return true;
            await AssertProblemAsync(answer, HttpStatusCode.ServiceUnavailable, "unavailable");
            return false;
        });
    }

    [Fact]
    public async Task Client_OverItsRate_Is429UntilItIsSlower()
    {
        await using var echo = await HeaderEcho.StartAsync();
        // Twice what one who waits for a while is able to ask.
        await using var balancer = Before(echo, KeyValuePair.Create("CLIENT_RATE", "100"));
        await balancer.UntilServedAsync();
        using var client = new HttpClient { BaseAddress = balancer.Address, Timeout = Limit };
        var refused = 0;
        _ = await Eventually.TrueAsync("the client is over its rate", Limit, async () =>
        {
            foreach (var answer in await Task.WhenAll(
                Enumerable.Range(0, 200).Select(_ => client.GetAsync(balancer.Address))))
            {
                using (answer)
                {
                    if (answer.StatusCode == HttpStatusCode.OK)
                        continue;
                    await AssertProblemAsync(
                        answer, HttpStatusCode.TooManyRequests, "too-many-requests");
                    refused++;
                }
            }
            return refused > 0;
        });
        _ = await Eventually.TrueAsync("the client is served again", Limit, async () =>
        {
            using var answer = await client.GetAsync(balancer.Address);
            return answer.IsSuccessStatusCode;
        });
    }

    [Fact]
    public async Task Forwarded_AsTheClientSays_IsThrownAway()
    {
        await using var echo = await HeaderEcho.StartAsync();
        await using var balancer = Before(echo);
        await balancer.UntilServedAsync();
        using var client = new HttpClient { Timeout = Limit };
        foreach (var path in (string[])["/trades", "/api/summary", "/"])
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Get, new Uri(balancer.Address, path));
            request.Headers.Add("X-Forwarded-For", ["10.1.2.3", "10.4.5.6, 127.0.0.9"]);
            request.Headers.Add("X-Forwarded-Proto", "https");
            request.Headers.Add("Forwarded", "for=10.1.2.3");
            using var answer = await client.SendAsync(
                request, TestContext.Current.CancellationToken);
            var headers = JsonSerializer.Deserialize<Dictionary<string, string[]>>(
                await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
            Assert.Equal(["127.0.0.1"], headers["x-forwarded-for"]);
            Assert.Equal(["http"], headers["x-forwarded-proto"]);
            Assert.DoesNotContain("forwarded", headers.Keys);
        }
    }

    // The kernel closes the sockets of rings some milliseconds behind their process.
    private static Task<TimeSpan> UntilClosedAsync(Uri address)
    {
        var local = $":{address.Port:X4} ";
        return Eventually.TrueAsync("its sockets are closed", Limit, async () =>
            !(await File.ReadAllLinesAsync("/proc/net/tcp")).Any(line =>
                line.IndexOf(local, StringComparison.Ordinal) is >= 0 and < 20
                && line.Substring(34, 2) is "01" or "0A")); // established or listening
    }

    private static HaProxy Before(HeaderEcho echo, params KeyValuePair<string, string>[] limits) =>
        new([echo.Address, echo.Address], echo.Address, echo.Address, limits);

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client)
    {
        using var body = new StringContent(
            """
            {"userId":"1","currencyFrom":"EUR","currencyTo":"GBP","amountSell":1000,"amountBuy":747.10,"rate":0.7471,"timePlaced":"24-JAN-15 10:27:44","originatingCountry":"FR"}
            """,
            Encoding.UTF8,
            "application/json");
        return await client.PostAsync(new Uri("/trades", UriKind.Relative), body);
    }

    private static async Task AssertProblemAsync(
        HttpResponseMessage answer, HttpStatusCode status, string type)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode} {body}");
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(body);
        Assert.Equal((int)status, problem.RootElement.GetProperty("status").GetInt32());
        Assert.Equal(
            $"urn:tradeprocessor:{type}", problem.RootElement.GetProperty("type").GetString());
    }
}
