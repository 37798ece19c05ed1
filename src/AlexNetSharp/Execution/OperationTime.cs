namespace AlexNetSharp.Execution;

/// <summary>The moments of a run at which an operation computes; buffers live between moments.</summary>
/// <remarks>Of n operations the i-th runs forward at moment i, the loss is moment n, and the i-th runs backward at 2n − i.</remarks>
/// <param name="Index">i.</param>
/// <param name="Count">n.</param>
internal readonly record struct OperationTime(int Index, int Count)
{
    /// <summary>The forward pass.</summary>
    public int Forward => Index;

    /// <summary>The backward pass.</summary>
    public int Backward => (2 * Count) - Index;

    /// <summary>After everything: a buffer that lives until then is never shared.</summary>
    public int End => (2 * Count) + 1;
}
