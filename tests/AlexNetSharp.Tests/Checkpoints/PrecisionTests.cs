using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Tests.Support;

namespace AlexNetSharp.Tests.Checkpoints;

/// <summary>float16 and bfloat16 in files.</summary>
public sealed class PrecisionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Read_EveryHalf_GivesItsExactValue()
    {
        ushort[] bits = [.. Enumerable.Range(0, 1 << 16).Select(i => (ushort)i)];

        float[] values = ReadBack("F16", bits);

        Assert.Equal(bits.Select(b => BitConverter.SingleToUInt32Bits(ExactHalf(b))), values.Select(BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public void Read_EveryBFloat16_IsTheUpperHalfOfAFloat()
    {
        ushort[] bits = [.. Enumerable.Range(0, 1 << 16).Select(i => (ushort)i)];

        Assert.Equal(bits.Select(b => (uint)b << 16), ReadBack("BF16", bits).Select(BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public void Save_Half_RoundsToNearestEven()
    {
        // 2049 and 2051 lie in the middle between halves, whose distance is 2 there; 65519 is the last that does not overflow.
        float[] values = [2049, 2050, 2051, 2049.001f, -2049, 65519, 0.1f, 6e-8f, 2.9e-8f, float.PositiveInfinity, -0f];
        string path = _directory.File("half");

        SafeTensorsWriter.Save(path, Content(values), WeightPrecision.Half);

        Assert.Equal([2048, 2050, 2052, 2050, -2048, 65504, 0.0999755859375f, 5.9604645e-8f, 0, float.PositiveInfinity, -0f], SafeTensorsReader.Read(path).Tensors[0].Values);
    }

    [Theory]
    [InlineData(65520f)]
    [InlineData(-1e30f)]
    public void Save_HalfOfTooLargeAValue_NamesTheTensorAndWritesNothing(float large)
    {
        string path = _directory.File("half");

        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => SafeTensorsWriter.Save(path, Content([1, large]), WeightPrecision.Half));

        Assert.StartsWith("Tensor 'a' holds ", exception.Message);
        Assert.Contains("as value 1, more than float16 can be (65504)", exception.Message);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Save_ModelAsHalf_IsReadWithEveryWeightRounded()
    {
        using Network network = TestModels.Random(TestModels.Narrow);
        string path = _directory.File("half.safetensors");

        ModelFile.Save(network, path, WeightPrecision.Half);

        using Network back = ModelFile.Load(path);
        foreach (Parameter parameter in network.Parameters)
            Assert.Equal(network.Read(parameter).Select(value => (float)(Half)value), back.Read(back.Find(parameter.Name)));
    }

    [Fact]
    public void Open_TensorsOfOtherTypes_AreDescribedAndRefusedOnlyWhenRead()
    {
        const string Header = """{"n":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""";
        string path = _directory.Write("mixed", SafeTensorsBytes.File(Header, 1, 2, 3, 4));

        using SafeTensorsFile file = SafeTensorsFile.Open(path);

        Assert.Equal([3, 4], file.Read(file.Tensors[1]));
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => file.Read(file.Tensors[0]));
        Assert.Contains($"offset {8 + Header.Length}: tensor 'n' has dtype I64; expected F32, F16 or BF16", exception.Message);
    }

    /// <summary>Two megabytes: read through a mapping.</summary>
    [Fact]
    public void Read_LargeFile_GivesTheSameValues()
    {
        float[] first = [.. Enumerable.Range(0, 300_001).Select(i => i * 0.5f)], second = [.. Enumerable.Range(0, 250_000).Select(i => -i * 0.25f)];
        string path = _directory.File("large"), half = _directory.File("large-half");
        SafeTensorsContent content = new([new SafeTensor("a", [first.Length], first), new SafeTensor("b", [500, 500], second)], ImmutableSortedDictionary<string, string>.Empty);
        SafeTensorsWriter.Save(path, content);
        SafeTensorsWriter.Save(half, content with { Tensors = [new SafeTensor("a", [second.Length], second), new SafeTensor("b", [500, 500], second), new SafeTensor("c", [second.Length], second)] }, WeightPrecision.Half);

        ImmutableArray<SafeTensor> whole = SafeTensorsReader.Read(path).Tensors;

        Assert.Equal(first, whole[0].Values);
        Assert.Equal(second, whole[1].Values);
        Assert.Equal(second.Select(value => (float)(Half)value), SafeTensorsReader.Read(half).Tensors[2].Values);
    }

    private static SafeTensorsContent Content(float[] values) => new([new SafeTensor("a", [values.Length], values)], ImmutableSortedDictionary<string, string>.Empty);

    private float[] ReadBack(string type, ushort[] bits)
    {
        string header = $"{{\"a\":{{\"dtype\":\"{type}\",\"shape\":[{bits.Length}],\"data_offsets\":[0,{bits.Length * 2}]}}}}";
        string path = _directory.Write(type, [.. SafeTensorsBytes.File(header), .. MemoryMarshal.AsBytes(bits.AsSpan())]);
        return SafeTensorsReader.Read(path).Tensors[0].Values;
    }

    // IEEE 754's definition: sign, 5 bits of exponent, 10 of fraction. A NaN becomes a quiet one, whose payload moves up with the fraction.
    private static float ExactHalf(ushort bits)
    {
        int exponent = (bits >> 10) & 31, fraction = bits & 1023;
        uint sign = (uint)(bits & 0x8000) << 16;
        if (exponent == 31)
            return BitConverter.UInt32BitsToSingle(sign | 0x7f800000 | (fraction == 0 ? 0u : 0x400000u) | ((uint)fraction << 13));
        double size = exponent == 0 ? fraction * Math.Pow(2, -24) : (1024 + fraction) * Math.Pow(2, exponent - 25);
        return BitConverter.UInt32BitsToSingle(sign | BitConverter.SingleToUInt32Bits((float)size));
    }
}
