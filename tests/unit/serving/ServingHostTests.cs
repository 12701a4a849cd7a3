using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;

namespace TradeProcessor.Tests.Unit.Serving;

public sealed class ServingHostTests
{
    [Fact]
    public async Task Run_BadKeys_IsOneLineEachAndExitCode2()
    {
        var (code, lines) = await RunAsync(
            ["--Intake:Capacity", "x", "--Live:Tick", "0", "--Live:Tock", "1"],
            builder =>
            {
                builder.Services.AddValidated<IntakeSettings>("Intake");
                builder.Services.AddValidated<LiveSettings>("Live");
            });
        Assert.Equal(ServingHost.RefusedExitCode, code);
        Assert.Equal(
            [
                "Intake:Capacity = 'x': must be a whole number from 1 to 9",
                "Live:Tock = '1': unknown key; Live has Tick",
                "Live:Tick = '0': must be a whole number from 1 to 9",
            ],
            lines);
    }

    [Fact]
    public async Task Run_AddressInUse_IsOneLineAndExitCode2()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var (code, lines) = await RunAsync(["--urls", $"http://{taken.LocalEndpoint}"]);
        Assert.Equal(ServingHost.RefusedExitCode, code);
        Assert.Contains("address already in use", Assert.Single(lines));
    }

    [Theory]
    [InlineData("here")]
    [InlineData("http://127.0.0.1:99999")]
    public async Task Run_AddressThatIsNone_IsOneLineAndExitCode2(string url)
    {
        var (code, lines) = await RunAsync(["--urls", url]);
        Assert.Equal(ServingHost.RefusedExitCode, code);
        Assert.Equal(
            [$"urls = '{url}': must be an address such as http://127.0.0.1:8080"], lines);
    }

    [Fact]
    public async Task Run_StartRefused_IsItsMessageAndExitCode2()
    {
        var (code, lines) = await RunAsync([], builder =>
            builder.Services.AddHostedService<Refusing>());
        Assert.Equal(ServingHost.RefusedExitCode, code);
        Assert.Equal(["The journal is damaged at byte 7."], lines);
    }

    [Fact]
    public async Task Run_RefusedWhileRunning_IsItsMessageAndExitCode2()
    {
        var (code, lines) = await RunAsync([], builder =>
            builder.Services.AddHostedService<RefusingLater>());
        Assert.Equal(ServingHost.RefusedExitCode, code);
        Assert.Equal(["The journal is damaged at byte 8."], lines);
    }

    [Fact]
    public async Task Run_BackgroundServiceFails_IsExitCode1()
    {
        var (code, lines) = await RunAsync([], builder =>
            builder.Services.AddHostedService<Failing>());
        Assert.Equal(1, code);
        Assert.Empty(lines);
    }

    [Fact]
    public async Task Run_FaultOfTheProgram_IsThrown() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync([], builder =>
            throw new InvalidOperationException()));

    [Fact]
    public async Task Run_StoppedInOrder_IsExitCode0()
    {
        var (code, lines) = await RunAsync([], map: app =>
            app.Lifetime.ApplicationStarted.Register(app.Lifetime.StopApplication));
        Assert.Equal(0, code);
        Assert.Empty(lines);
    }

    private static async Task<(int Code, string[] Lines)> RunAsync(
        string[] args,
        Action<WebApplicationBuilder>? configure = null,
        Action<WebApplication>? map = null)
    {
        var error = new StringWriter();
        var code = await ServingHost.RunAsync(
            args,
            "http://127.0.0.1:0",
            builder =>
            {
                builder.Logging.ClearProviders();
                configure?.Invoke(builder);
            },
            app => map?.Invoke(app),
            error);
        return (code, error.ToString().Split(
            Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    private sealed class IntakeSettings
    {
        [Range(1, 9)]
        public int Capacity { get; set; } = 1;
    }

    private sealed class LiveSettings
    {
        [Range(1, 9)]
        public int Tick { get; set; } = 1;
    }

    private sealed class Refusing : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) =>
            throw new StartRefusedException("The journal is damaged at byte 7.");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class RefusingLater : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new StartRefusedException("The journal is damaged at byte 8.");
        }
    }

    private sealed class Failing : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new InvalidOperationException();
        }
    }
}
