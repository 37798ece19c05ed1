using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;

namespace AlexNetSharp.Server.Tests;

public sealed class FlatArrayScannerTests
{
    private static readonly string[] Spaces = ["", "", " ", "\n\t", "\r\n  "];

    [Fact]
    public void TryRead_ArraysOfNumbers_GivesWhatTheParserGives() =>
        Gen.Select(Gen.Float.Where(float.IsFinite).Array[1, 40], Gen.Int[0, Spaces.Length - 1], Gen.OneOf(Gen.Const("R"), Gen.Const("F2"), Gen.Const("E3"))).Sample((values, space, format) =>
        {
            string text = $"[{Spaces[space]}{string.Join($"{Spaces[space]},{Spaces[space]}", values.Select(value => value.ToString(format, CultureInfo.InvariantCulture)))}{Spaces[space]}]";
            float[]? expected = JsonSerializer.Deserialize<float[]>(text);
            int at = 1;
            using NumberBuffer found = new();
            return FlatArrayScanner.TryRead(Encoding.ASCII.GetBytes(text), ref at, found) && at == text.Length - 1 && found.Memory.Span.SequenceEqual(expected)
                || expected!.Any(value => !float.IsFinite(value));
        });

    [Theory]
    [InlineData("[]")]
    [InlineData("[1")]
    [InlineData("[1,")]
    [InlineData("[1,]")]
    [InlineData("[01]")]
    [InlineData("[1.]")]
    [InlineData("[.5]")]
    [InlineData("[-]")]
    [InlineData("[+1]")]
    [InlineData("[1e]")]
    [InlineData("[1e+]")]
    [InlineData("[1 2]")]
    [InlineData("[1e999]")]
    [InlineData("[NaN]")]
    [InlineData("[[1]]")]
    [InlineData("[\"1\"]")]
    [InlineData("[1}")]
    [InlineData("[")]
    public void TryRead_AnythingElse_IsLeftToTheParser(string text)
    {
        int at = 1;
        using NumberBuffer found = new();
        Assert.False(FlatArrayScanner.TryRead(Encoding.ASCII.GetBytes(text), ref at, found));
        Assert.Equal(1, at);
    }
}
