using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Training;

namespace AlexNetSharp.Benchmarks.Engines;

/// <summary>This engine's training step.</summary>
internal sealed class OwnTraining(Network network, int batch, OptimizerOptions optimizer, ThreadTeam team) : IEngine
{
    private readonly TrainingBenchmark _benchmark = new(network, batch, optimizer, team);

    public string Name => nameof(AlexNetSharp);

    public void Step() => _benchmark.Step();

    public void Dispose() => _benchmark.Dispose();
}
