using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Benchmarks.Engines;

/// <summary>This engine's forward pass.</summary>
internal sealed class OwnInference : IInferenceEngine
{
    private readonly ExecutionPlan _plan;
    private readonly int _batch;

    public OwnInference(Network network, float[] pixels, int batch, ThreadTeam team)
    {
        _batch = batch;
        _plan = new ExecutionPlan(network, batch, PlanMode.Inference, team);
        pixels.CopyTo(_plan.Input(batch));
    }

    public string Name => nameof(AlexNetSharp);

    public void Step() => _plan.Forward(_batch);

    public float[] Logits() => _plan.Forward(_batch).ToArray();

    public void Dispose() => _plan.Dispose();
}
