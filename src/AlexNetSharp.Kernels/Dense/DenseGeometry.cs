using AlexNetSharp.Kernels.LinearAlgebra;

namespace AlexNetSharp.Kernels.Dense;

/// <summary>The sizes of a dense layer: output[batch, outputs] = input[batch, inputs] · weights[inputs, outputs].</summary>
/// <param name="Batch">Rows, at least 1.</param>
/// <param name="Inputs">Values of a row of the input, at least 1.</param>
/// <param name="Outputs">Values of a row of the output, at least 1.</param>
public readonly record struct DenseGeometry(int Batch, int Inputs, int Outputs)
{
    /// <summary>Floats of the input.</summary>
    public long InputLength => (long)Batch * Inputs;

    /// <summary>Floats of the output.</summary>
    public long OutputLength => (long)Batch * Outputs;

    /// <summary>Floats of the weights in panels: [outputs / 16][inputs, rounded up to 16, and one unused line][16].</summary>
    public long WeightLength => PanelLayout.Length(PanelLayout.RoundUp(Inputs), Outputs);

    /// <summary>Floats of the input in panels: [inputs / 16][batch and one unused line][16].</summary>
    public long PackedInputLength => PanelLayout.Length(Batch, Inputs);

    /// <summary>Multiply-accumulates of one pass.</summary>
    public long MultiplyAccumulates => (long)Batch * Inputs * Outputs;

    /// <summary>Checks the sizes.</summary>
    /// <exception cref="ArgumentException">A size is below one, or a buffer would hold more floats than a span can.</exception>
    public void Validate()
    {
        if (Batch < 1 || Inputs < 1 || Outputs < 1)
            throw new ArgumentException($"A dense layer of batch {Batch}, {Inputs} inputs and {Outputs} outputs: each must be at least 1.");
        long largest = Math.Max(Math.Max(WeightLength, PackedInputLength), PanelLayout.Length(Batch, Outputs));
        if (Math.Max(Inputs, Outputs) > int.MaxValue - PanelLayout.Columns || largest > int.MaxValue)
            throw new ArgumentException($"A dense layer of batch {Batch}, {Inputs} inputs and {Outputs} outputs needs a buffer of {largest} floats, more than a span holds.");
    }
}
