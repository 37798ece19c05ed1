using System.Collections.Immutable;
using AlexNetSharp.Models;

namespace AlexNetSharp.Interop.Onnx;

/// <summary>What a graph does to the values of a picture before its first layer: scaled and shifted by channel, it becomes <see cref="Preprocessing"/>.</summary>
/// <param name="channels">Channels of the picture.</param>
/// <param name="isBytes">Whether the graph is given uint8.</param>
internal sealed class OnnxInputScaling(int channels, bool isBytes)
{
    private const double LargestByte = 255;

    // Numbers from 0 to 1 that are shrunk to less than this, or less a mean that is not among them, must have been bytes.
    private const double SmallestUnitScale = 1.0 / 16;
    private const double LargestUnitMean = 1.5;

    private readonly double[] _scale = [.. Enumerable.Repeat(1.0, channels)];
    private readonly double[] _shift = new double[channels];
    private readonly List<(string Operator, float[] Constant)> _steps = [];

    /// <summary>Whether values are changed at all, or are bytes.</summary>
    public bool IsNeeded => isBytes || _steps.Count > 0;

    /// <summary>Values so far, as factor and summand of the graph's input.</summary>
    public (double[] Scale, double[] Shift) Values => (_scale, _shift);

    /// <summary>Whether the graph's input is bytes, 0 to 255, not 0 to 1. What is given as floating-point numbers is told by what becomes of it.</summary>
    public bool TakesBytes => isBytes || (_steps.Count > 0 && Enumerable.Range(0, channels).Any(c =>
        Math.Abs(_scale[c]) < SmallestUnitScale || -_shift[c] / _scale[c] > LargestUnitMean));

    /// <summary>Adds a step.</summary>
    /// <param name="type">The operator.</param>
    /// <param name="scale">What values are multiplied by.</param>
    /// <param name="shift">What is added then.</param>
    /// <param name="constant">The operator's constant by channel, where it has one.</param>
    public void Add(string type, double[] scale, double[] shift, float[]? constant)
    {
        for (int c = 0; c < channels; c++)
        {
            _scale[c] *= scale[c];
            _shift[c] = (_shift[c] * scale[c]) + shift[c];
        }
        _steps.Add((constant is null ? "" : type, constant ?? []));
    }

    /// <summary>Mean and deviation that do the same to a picture, or null where they cannot: a scale is not above zero.</summary>
    public (ImmutableArray<float> Mean, ImmutableArray<float> Deviation)? MeanAndDeviation() => Literal() ?? Composed();

    // As the exporter writes it: taken over without a rounding.
    private (ImmutableArray<float>, ImmutableArray<float>)? Literal()
    {
        List<(string Operator, float[] Constant)> steps = [.. _steps];
        if (TakesBytes)
        {
            if (steps is not [("Div", float[] first), ..] || first.Any(value => value != LargestByte))
                return null;
            steps.RemoveAt(0);
        }
        return steps switch
        {
            [] => ([], []),
            [("Sub", float[] mean)] => ([.. mean], []),
            [("Div", float[] deviation)] when deviation.All(IsDeviation) => ([], [.. deviation]),
            [("Sub", float[] mean), ("Div", float[] deviation)] when deviation.All(IsDeviation) => ([.. mean], [.. deviation]),
            _ => null,
        };
    }

    private (ImmutableArray<float>, ImmutableArray<float>)? Composed()
    {
        float[] mean = new float[channels], deviation = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            double exact = 1 / ((TakesBytes ? LargestByte : 1) * _scale[c]);
            deviation[c] = (float)exact;
            mean[c] = (float)(-_shift[c] * exact);
        }
        return deviation.All(IsDeviation) && mean.All(float.IsFinite) ? ([.. mean], [.. deviation]) : null;
    }

    private static bool IsDeviation(float value) => value > 0 && float.IsFinite(value);
}
