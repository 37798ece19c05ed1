namespace AlexNetSharp.Benchmarks.Engines;

/// <summary>An engine with a network and a batch, ready to do one step after another.</summary>
internal interface IEngine : IDisposable
{
    /// <summary>What tables call it.</summary>
    string Name { get; }

    /// <summary>One step on the whole batch, finished when this returns.</summary>
    void Step();
}
