using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Randomness;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Interop.Onnx;

/// <summary>Compares a network with the graph that it was made of, on one picture of random values.</summary>
internal static class OnnxConversionCheck
{
    /// <summary>The largest difference of a logit, as a share of the largest logit: some hundred times what float32 and the order of sums differ by.</summary>
    public const double Tolerance = 1e-3;

    /// <summary>The same for graphs that compute in 16 bits: they round to 11 significant bits, or 8, after every node.</summary>
    public const double HalfTolerance = 5e-2;

    /// <summary>Multiply-accumulates above which the comparison is left out: the graph's operators are computed in plain loops.</summary>
    public const long MostMultiplyAccumulates = 1L << 30;

    /// <summary>Values of a batch before or after one layer above which the comparison is left out: they would take too much memory.</summary>
    public const long MostValues = 1L << 22;

    // What the comparison may cost beyond twice the constants in memory, and eight steps for each of their bytes: a small file must not ask for much.
    // The published AlexNets take 0.7 billion steps and some 10 MB.
    private const long SpareBytes = 1L << 24;
    private const long SpareSteps = 1L << 28;

    private const ulong Seed = 20121203;

    /// <summary>Refuses a network that gives something else.</summary>
    /// <param name="graph">The graph as it stands in the file.</param>
    /// <param name="conversion">What was made of it.</param>
    /// <param name="notice">Told where the comparison is left out.</param>
    /// <exception cref="InvalidDataException">The two differ by more than the tolerance.</exception>
    public static void Require(OnnxGraph graph, OnnxConversion conversion, Action<string>? notice)
    {
        Network network = conversion.Network;
        double multiplyAccumulates = network.Shapes.Sum(shape => (double)shape.MultiplyAccumulates) * conversion.Batch;
        double values = network.Shapes.Max(shape => (double)Math.Max(shape.Input.Length, shape.Output.Length)) * conversion.Batch;
        if (multiplyAccumulates > MostMultiplyAccumulates || values > MostValues)
        {
            NotCompared($"a batch takes {multiplyAccumulates:E1} multiply-accumulates and up to {values:E1} values a layer; up to {(double)MostMultiplyAccumulates:E1} and {(double)MostValues:E1} are compared");
            return;
        }
        (OnnxTensor given, float[] picture) = Draw(graph, conversion);
        long constants = graph.Initializers.Values.Sum(tensor => (long)tensor.Data.Length);
        OnnxBudget budget = new(SpareBytes + (2 * constants), SpareSteps + (8 * constants));
        float[] expected;
        try
        {
            expected = Evaluate(graph, conversion.Logits, given, budget);
        }
        catch (InvalidDataException e) when (budget.IsExceeded)
        {
            NotCompared($"that would take too much for a file of its size ({e.Message.TrimEnd('.')})");
            return;
        }
        float[] actual = Run(network, picture);
        (double largest, double difference, int at) = (0, 0, 0);
        for (int i = 0; i < actual.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i]));
            double distance = Math.Abs(expected[i] - actual[i]);
            if (!(distance <= difference))
                (difference, at) = (distance, i);
        }
        bool isHalf = graph.Initializers.Values.Any(tensor => tensor.ElementType is OnnxElementType.Float16 or OnnxElementType.BFloat16);
        if (!(difference <= (isHalf ? HalfTolerance : Tolerance) * largest) && difference != 0)
            throw OnnxError.Of($"'{graph.Source}' was not understood: for a picture of random values its operators give {expected[at]} for output {at}, the layers made of them {actual[at]}. Please report this; the file is not used.");

        void NotCompared(string reason) => notice?.Invoke($"'{graph.Source}' was not compared with what was made of it: {reason}.");
    }

    // The same picture as the graph is given it, repeated over its batch, and as the network is.
    private static (OnnxTensor Given, float[] Picture) Draw(OnnxGraph graph, OnnxConversion conversion)
    {
        ModelSpec spec = conversion.Network.Spec;
        OnnxInputScaling scaling = conversion.Scaling;
        PhiloxSequence random = new(Seed, 0);
        float[] picture = new float[spec.Input.Length];
        double[] given = new double[picture.Length * conversion.Batch];
        int[] places = conversion.InputForm.Places();
        for (int i = 0; i < picture.Length; i++)
        {
            int channel = i % spec.Input.Channels;
            double value = random.NextNormal();
            if (scaling.IsNeeded)
            {
                byte pixel = (byte)Math.Clamp(128 + (64 * value), 0, 255);
                float mean = spec.Preprocessing.Mean is { IsEmpty: false } means ? means[channel] : 0, deviation = spec.Preprocessing.Deviation is { IsEmpty: false } deviations ? deviations[channel] : 1;
                picture[i] = ((pixel / 255f) - mean) / deviation;
                value = scaling.TakesBytes ? pixel : pixel / 255.0;
            }
            else
            {
                picture[i] = (float)value;
            }
            for (int n = 0; n < conversion.Batch; n++)
                given[(n * picture.Length) + places[i]] = value;
        }
        int[] dims = [conversion.Batch, .. conversion.InputForm.Dims];
        return (OnnxTensor.FromDoubles(graph.Inputs[0].ElementType, dims, given), picture);
    }

    private static float[] Evaluate(OnnxGraph graph, string logits, OnnxTensor given, OnnxBudget budget)
    {
        OnnxGraph shortened = graph with { Outputs = [new OnnxValueInfo(logits, OnnxElementType.Float, null)] };
        return new OnnxEvaluator(shortened).Run(new Dictionary<string, OnnxTensor> { [graph.Inputs[0].Name] = given }, budget)[logits].ToFloats();
    }

    private static float[] Run(Network network, float[] picture)
    {
        using ThreadTeam team = new(1);
        using ExecutionPlan plan = new(network, 1, PlanMode.Inference, team);
        picture.CopyTo(plan.Input(1));
        return plan.Forward(1).ToArray();
    }
}
