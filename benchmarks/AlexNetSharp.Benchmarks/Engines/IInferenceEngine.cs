namespace AlexNetSharp.Benchmarks.Engines;

/// <summary>An engine whose step is a forward pass.</summary>
internal interface IInferenceEngine : IEngine
{
    /// <summary>Runs a step and gives its logits, [batch, classes].</summary>
    float[] Logits();
}
