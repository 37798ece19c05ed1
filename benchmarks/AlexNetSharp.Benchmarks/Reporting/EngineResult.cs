using System.Text.Json.Serialization;
using AlexNetSharp.Benchmarks.Measurement;

namespace AlexNetSharp.Benchmarks.Reporting;

/// <summary>One engine on one workload.</summary>
/// <param name="Engine">Its name.</param>
/// <param name="ImagesPerSecond">Pictures a second.</param>
/// <param name="StepMs">Milliseconds a step.</param>
/// <param name="Ratio">
/// This project's engine over this peer, round by round: of images/s (above 1: this project's is faster), for a batch of one of milliseconds
/// (below 1: faster). Null for this project's own.
/// </param>
/// <param name="ShareOfPeak">GFLOP/s, convolutions counted as computed directly, over the highest peak of fused multiply-adds.</param>
/// <param name="ShareOfCopy">Bytes of weights read a second, once a step, over the highest bandwidth of copying; null for training.</param>
internal sealed record EngineResult(
    string Engine, [property: JsonPropertyName("images_per_s")] Spread ImagesPerSecond, Spread StepMs, Spread? Ratio, Spread ShareOfPeak, Spread? ShareOfCopy);
