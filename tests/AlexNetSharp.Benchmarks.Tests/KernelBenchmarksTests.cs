using System.Reflection;
using AlexNetSharp.Benchmarks.Commands;
using AlexNetSharp.Benchmarks.KernelBenchmarks;
using AlexNetSharp.Models;
using BenchmarkDotNet.Attributes;

namespace AlexNetSharp.Benchmarks.Tests;

public sealed class KernelBenchmarksTests
{
    public static IEnumerable<TheoryDataRow<Type>> Families => KernelsCommand.Families.Select(family => new TheoryDataRow<Type>(family));

    // Operands that do not fit their kernel are found here, and not an hour into a measurement.
    [Theory]
    [MemberData(nameof(Families))]
    public void Benchmarks_OfAFamily_RunOnTheFirstLayerOfAlexNetMnist(Type family)
    {
        object benchmarks = Activator.CreateInstance(family)!;
        family.GetProperty(nameof(KernelBenchmark.Threads))?.SetValue(benchmarks, 2);
        family.GetProperty("Model")?.SetValue(benchmarks, ModelCatalog.AlexNetMnistName);
        if (family.GetProperty("Layer") is PropertyInfo layer)
        {
            var layers = (IEnumerable<LayerCase>)family.GetProperty("Layers")!.GetValue(null)!;
            layer.SetValue(benchmarks, layers.First(candidate => candidate.Model == ModelCatalog.AlexNetMnistName));
        }
        MethodInfo[] methods = [.. family.GetMethods().Where(method => method.IsDefined(typeof(BenchmarkAttribute)))];
        Assert.NotEmpty(methods);

        family.GetMethod("Setup")!.Invoke(benchmarks, null);
        foreach (MethodInfo method in methods)
            method.Invoke(benchmarks, null);
        family.GetMethod("Cleanup")?.Invoke(benchmarks, null);
    }
}
