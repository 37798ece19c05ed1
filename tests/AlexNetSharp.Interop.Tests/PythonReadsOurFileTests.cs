using System.Diagnostics;
using System.Text.Json;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Data;
using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Interop.Tests;

/// <summary>A file of ours in the hands of somebody who has Python and numpy, and nothing of ours.</summary>
public sealed class PythonReadsOurFileTests
{
    // Six layers of float32 sums of up to 300 terms: each sum's error stays below 300 · 2^-24 = 1.8e-5 of the sum of its terms' sizes, which for random weights
    // is some 10 times the largest sum; 6 · 10 · 1.8e-5. Python computes in float64, which adds nothing to that.
    private const double Tolerance = 1e-3;

    private const string Python = "/usr/bin/python3", NumPy = "/usr/lib/python3/dist-packages/numpy";
    private const int Pictures = 50, PictureLength = 28 * 28;

    [Theory]
    [InlineData(WeightPrecision.Full)]
    [InlineData(WeightPrecision.Half)]
    public void Save_ReadByPlainJsonAndNumPy_GivesTheSameLogits(WeightPrecision precision)
    {
        Assert.SkipUnless(File.Exists(Python) && Directory.Exists(NumPy), "Debian's python3-numpy is not installed.");
        using TemporaryDirectory directory = new();
        string model = directory.File("model.safetensors"), pictures = directory.File("pictures");
        using (Network random = new(ModelCatalog.AlexNetMnist([.. "0123456789".Select(digit => $"{digit}")], width: 8)))
        {
            Initializer.Initialize(random, Initialization.StandardNormal, 11);
            ModelFile.Save(random, model, precision);
        }
        byte[] pixels = IdxReader.ReadImages(Repository.File("data", "mnist", "t10k-images-idx3-ubyte.gz")).Pixels[..(Pictures * PictureLength)];
        File.WriteAllBytes(pictures, pixels);

        double[][] theirs = RunPython(Repository.File("tests", "AlexNetSharp.Interop.Tests", "Python", "logits.py"), model, pictures);

        using Network network = ModelFile.Load(model);
        using ThreadTeam team = new(1);
        using ExecutionPlan plan = new(network, Pictures, PlanMode.Inference, team);
        Span<float> input = plan.Input(Pictures);
        for (int i = 0; i < pixels.Length; i++)
            input[i] = pixels[i] / 255f;
        float[] ours = plan.Forward(Pictures).ToArray();
        for (int i = 0; i < Pictures; i++)
        {
            double largest = theirs[i].Max(Math.Abs);
            Assert.All(theirs[i].Zip(ours.AsSpan(i * 10, 10).ToArray()), pair => Assert.InRange(Math.Abs(pair.First - pair.Second) / largest, 0, Tolerance));
        }
    }

    private static double[][] RunPython(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return JsonSerializer.Deserialize<double[][]>(output.Result)!;
    }
}
