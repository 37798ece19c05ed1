using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using System.Text.RegularExpressions;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Tests.Simd;

/// <summary>This project's tests once more in child processes, at the vector widths that this process does not have.</summary>
/// <remarks>The width is chosen once a process, and on most hardware only one of the three is the natural one.</remarks>
public sealed partial class OtherWidthsTests
{
    private const string Tests = "AlexNetSharp.Kernels.Tests.";

    // The twins and the team do not know of widths; this class must not call itself.
    private static readonly string[] AllKernels = ["-class-", typeof(OtherWidthsTests).FullName!, "-namespace-", Tests + "Twins", "-namespace-", Tests + "Threading"];

    // What a width has to itself: lane counts, byte loads, lane numbers, the products of Philox, masks, roots and exponentials.
    private static readonly string[] SomeKernels =
    [
        "-method", Tests + "Simd.VectorWidthTests.*", "-method", Tests + "Randomness.PhiloxTests.*",
        "-method", Tests + "Regularization.DropoutTests.*", "-method", Tests + "Pooling.MaxPoolingTests.*", "-method", Tests + "Pooling.AveragePoolingTests.*", "-method", Tests + "Pooling.AdaptiveAveragePoolingTests.*",
        "-method", Tests + "Normalization.LocalResponseNormalizationTests.*", "-method", Tests + "Activations.ActivationTests.*", "-method", Tests + "Activations.ElementFunctionTests.*",
        "-method", Tests + "Reductions.ColumnSumsTests.*", "-method", Tests + "Optimizers.AdamTests.*",
        "-method", Tests + "Optimizers.SgdTests.*", "-method", Tests + "LinearAlgebra.GemmTests.Multiply_Golden*",
        "-method", Tests + "LinearAlgebra.GemmTests.Multiply_LongSides*", "-method", Tests + "Dense.DenseLayerTests.AllPasses_*", "-method", Tests + "Dense.DenseLayerTests.Gradients_*",
        "-method", Tests + "Convolution.SpatialConvolutionTests.AllPasses_G*",
        "-method", Tests + "Convolution.SpatialConvolutionTests.Gradients_Golden*",
    ];

    [Fact]
    public async Task AllKernels_ForcedTo128Bits_PassTheirTests() =>
        AssertPassed(await RunChild(128, AllKernels, (VectorWidth.Variable, "128")), atLeast: 300);

    [Fact]
    public async Task AllKernels_WithoutAvx2_PassTheirTests()
    {
        Assert.SkipUnless(Vector256.IsHardwareAccelerated, "This processor has no AVX2 to be switched off: the tests just ran without it.");
        // Neither 256-bit vectors nor fused multiply-adds: what a processor of 2012 does.
        AssertPassed(await RunChild(128, AllKernels, ("DOTNET_EnableAVX2", "0"), (VectorWidth.Variable, "")), atLeast: 300);
    }

    [Fact]
    public async Task AllKernels_ForcedTo256Bits_PassTheirTests()
    {
        Assert.SkipUnless(Vector256.IsHardwareAccelerated, "This processor has no 256-bit vectors; the runtime's emulation is not what is tested here.");
        Assert.SkipWhen(VectorWidth.Bits == 256, "This process itself ran all tests at 256 bits.");
        AssertPassed(await RunChild(256, AllKernels, (VectorWidth.Variable, "256")), atLeast: 300);
    }

    [Fact]
    public async Task Kernels_ForcedTo512Bits_PassTheirTests()
    {
        // Where the hardware lacks the width, the runtime computes each vector in parts: the same code, slowly, so fewer tests.
        string[] filters = Vector512.IsHardwareAccelerated ? AllKernels : SomeKernels;
        AssertPassed(await RunChild(512, filters, (VectorWidth.Variable, "512")), atLeast: 150);
    }

    [Fact]
    public async Task Bits_UnknownWidth_FailsAndNamesIt()
    {
        (int exitCode, string output) = await RunChild(128, ["-class", typeof(VectorWidthTests).FullName!], (VectorWidth.Variable, "99"));
        Assert.NotEqual(0, exitCode);
        Assert.Contains("System.InvalidOperationException : ALEXNET_SIMD is '99'; expected 128, 256 or 512", output, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"Total: (\d+), Errors: 0, Failed: 0, Skipped: (\d+)")]
    private static partial Regex Summary { get; }

    private static void AssertPassed((int ExitCode, string Output) child, int atLeast)
    {
        Assert.True(child.ExitCode == 0, $"The child process ended with {child.ExitCode}:{Environment.NewLine}{child.Output}");
        Match summary = Summary.Match(child.Output);
        Assert.True(summary.Success, $"No summary of a passed run in the child's output:{Environment.NewLine}{child.Output}");
        Assert.InRange(int.Parse(summary.Groups[1].Value, CultureInfo.InvariantCulture), atLeast, int.MaxValue);
        Assert.Equal("0", summary.Groups[2].Value);
    }

    private static async Task<(int ExitCode, string Output)> RunChild(int expected, string[] filters, params (string Name, string Value)[] environment)
    {
        // This process is either the tests' own executable, or `dotnet` with their assembly.
        string host = Environment.ProcessPath!;
        string[] assembly = Path.GetFileNameWithoutExtension(host) == "dotnet" ? [typeof(OtherWidthsTests).Assembly.Location] : [];
        ProcessStartInfo start = new(host, [.. assembly, "-noLogo", "-noColor", .. filters])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[VectorWidthTests.ExpectedVariable] = expected.ToString(CultureInfo.InvariantCulture);
        start.Environment.Remove("KERNEL_ERRORS");
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process child = Process.Start(start)!;
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Task<string> output = child.StandardOutput.ReadToEndAsync(cancellation), errors = child.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await child.WaitForExitAsync(cancellation);
            return (child.ExitCode, await output + await errors);
        }
        finally
        {
            // A cancelled run leaves no child behind.
            if (!child.HasExited)
                child.Kill(entireProcessTree: true);
        }
    }
}
