using System.Net;

namespace TradeProcessor.Tests.Integration;

public sealed class ClientShareTests
{
    [Fact]
    public async Task Post_MoreThanItsShare_Is429WithRetryAfter()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(
            directory.Path, "--Intake:ClientRequestsPerSecond", "5");
        var client = new TradeClient(seed: 9);
        var random = new Random(9);
        var statuses = new List<HttpStatusCode>();
        while (!statuses.Contains(HttpStatusCode.TooManyRequests) && statuses.Count < 1000)
            statuses.Add(await client.PostAsync(host.Client, 1, random));
        Assert.Equal(HttpStatusCode.Accepted, statuses[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);

        using var content = new StringContent(
            TradeClient.Trade("later", random), null, "application/json");
        HttpResponseMessage answer;
        while (true)
        {
            answer = await host.Client.PostAsync(
                new Uri("/trades", UriKind.Relative), content, TestContext.Current.CancellationToken);
            if (answer.StatusCode != HttpStatusCode.TooManyRequests)
                break;
            Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
            answer.Dispose();
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        answer.Dispose();
    }
}
