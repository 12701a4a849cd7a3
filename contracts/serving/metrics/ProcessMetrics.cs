using System.Diagnostics.Metrics;

namespace TradeProcessor.Serving;

/// <summary>What the process takes of the machine's memory.</summary>
internal sealed class ProcessMetrics
{
    public ProcessMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MetricsListener.MeterName);
        _ = meter.CreateObservableGauge(
            "process_resident_memory_bytes",
            () => Environment.WorkingSet,
            description: "Memory of the process that is in RAM.");
        _ = meter.CreateObservableGauge(
            "dotnet_heap_bytes",
            () => GC.GetTotalMemory(forceFullCollection: false),
            description: "Managed objects, with dead ones that were not collected yet.");
        _ = meter.CreateObservableCounter(
            "dotnet_allocated_bytes",
            () => GC.GetTotalAllocatedBytes(),
            description: "Bytes of managed objects that were ever allocated.");
        _ = meter.CreateObservableCounter(
            "dotnet_collections",
            static () => Enumerable.Range(0, GC.MaxGeneration + 1).Select(generation =>
                new Measurement<int>(
                    GC.CollectionCount(generation),
                    new KeyValuePair<string, object?>("generation", generation))),
            description: "Garbage collections of the generation and of those above it.");
        _ = meter.CreateObservableCounter(
            "dotnet_collection_pause_seconds",
            static () => GC.GetTotalPauseDuration().TotalSeconds,
            description: "Time in which all threads stood still for collections.");
    }
}
