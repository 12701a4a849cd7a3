// Each test starts up to ten processes, and measures times.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
