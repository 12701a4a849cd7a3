using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using TradeProcessor.Consumer.Api;
using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Consumer.Intake;
using TradeProcessor.Consumer.Parsing;

namespace TradeProcessor.Consumer.Lane;

/// <summary>What the lane shares with the endpoint, so that both do the same.</summary>
internal sealed class LaneServices(
    TradeIntake intake,
    TradeParser parser,
    BodyLimits bodyLimits,
    RejectReporter rejects,
    IntakeMetrics metrics,
    IOptions<IntakeOptions> options,
    IOptions<ConnectionOptions> connections,
    IOptions<KestrelServerOptions> kestrel,
    TimeProvider time)
{
    public TradeIntake Intake => intake;

    public TradeParser Parser => parser;

    public BodyLimits BodyLimits => bodyLimits;

    public RejectReporter Rejects => rejects;

    public IntakeMetrics Metrics => metrics;

    public IntakeOptions Limits { get; } = options.Value;

    public bool IsInline => connections.Value.Inline;

    /// <summary>A longer body is the endpoint's to refuse.</summary>
    public long MaxBodyBytes => Limits.MaxBatchBytes;

    public KestrelServerLimits Timeouts => kestrel.Value.Limits;

    public AnswerWriter Answers { get; } = new(time);
}
