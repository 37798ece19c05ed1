using AlexNetSharp.Images;
using AlexNetSharp.Training;

namespace AlexNetSharp.Runs.Reports;

/// <summary>The test of a run.</summary>
/// <param name="Evaluation">What came out.</param>
/// <param name="Images">The pictures that were evaluated; those that were classified wrongly are read again for the report.</param>
public sealed record RunTest(Evaluation Evaluation, ImageSet Images);
