using System.Collections.Concurrent;
using AlexNetSharp.Reference;

namespace AlexNetSharp.Kernels.Tests.Support;

/// <summary>The cases of the golden files, as rows of theories.</summary>
internal static class Golden
{
    private static readonly ConcurrentDictionary<string, IReadOnlyList<GoldenCase>> Files = [];

    public static TheoryData<string> Names(string kernel) => [.. Cases(kernel).Select(golden => golden.Name)];

    public static GoldenCase Case(string kernel, string name) => Cases(kernel).Single(golden => golden.Name == name);

    private static IReadOnlyList<GoldenCase> Cases(string kernel) => Files.GetOrAdd(kernel, GoldenFile.Load);
}
