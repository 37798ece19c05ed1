namespace AlexNetSharp.Interop.PyTorch;

/// <summary>A name of Python that a pickle asked for: one of <see cref="PickleGlobals"/>.</summary>
/// <param name="Name">Module and name.</param>
internal sealed record PickleGlobal(string Name);
