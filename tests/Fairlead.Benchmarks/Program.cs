using BenchmarkDotNet.Running;
using Fairlead.Benchmarks;

// Side by side, in one run: what users feel at the prompt, then the engine's own costs.
await StartupComparison.RunAsync();
BenchmarkRunner.Run<PlanningBenchmark>();
BenchmarkRunner.Run<ExecutionBenchmark>();
