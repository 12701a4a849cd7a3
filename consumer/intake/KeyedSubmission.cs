using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Intake;

/// <summary>A request's trades and the key under which they are to be logged once.</summary>
internal readonly record struct KeyedSubmission(Submission Submission, BoundKey Bound);
