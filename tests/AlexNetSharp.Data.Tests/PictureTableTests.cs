using AlexNetSharp.Images;

namespace AlexNetSharp.Data.Tests;

public sealed class PictureTableTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Load_HeaderAndSplits_AreUnderstood()
    {
        DataSplits data = Load("path,label,split\r\na.png,dog,train\r\nb.png,cat,\r\nc.png,dog,val\r\nsub/d.png,cat,TEST\r\n");

        Assert.Equal(["cat", "dog"], data.Training.ClassNames);
        Assert.Equal(["a.png=dog", "b.png=cat"], Folders.Describe(_directory.Path, data.Training));
        Assert.Equal(["c.png=dog"], Folders.Describe(_directory.Path, data.Validation));
        Assert.Equal(["sub/d.png=cat"], Folders.Describe(_directory.Path, data.Test));
        Assert.Equal("list", data.Name);
        Assert.Empty(data.Notes);
    }

    [Fact]
    public void Load_QuotedFields_FollowRfc4180()
    {
        DataSplits data = Load("\"a, b.png\",\"say \"\"hi\"\"\"\n\n\"c\nd.png\",\"x\"\n", seed: 0);

        Assert.Equal(["say \"hi\"", "x"], data.Training.ClassNames);
        Assert.Equal(["a, b.png=say \"hi\"", "c\nd.png=x"], Folders.Describe(_directory.Path, data.Training));
    }

    [Fact]
    public void Load_NoSplits_HoldsBackByPath()
    {
        string lines = string.Join('\n', Enumerable.Range(0, 40).Select(i => $"{i}.png,{(i % 2 == 0 ? "a" : "b")}"));

        DataSplits data = Load(lines);

        Assert.Equal((32, 4, 4), (data.Training.Count, data.Validation.Count, data.Test.Count));
        Assert.Contains("for validation or testing", Assert.Single(data.Notes), StringComparison.Ordinal);
        Assert.NotEqual(Folders.Describe(_directory.Path, data.Test), Folders.Describe(_directory.Path, Load(lines, seed: 5).Test));
    }

    [Fact]
    public void Load_WholeNumbers_AreClassesInTheirOrder() =>
        Assert.Equal(["0", "2", "10"], Load("a.png,10\nb.png,2\nc.png,0\n").Training.ClassNames);

    [Fact]
    public void Load_Pictures_AreReadBesideTheList()
    {
        Folders.WritePicture(_directory.Path, "in/a.png", 77);

        DataSplits data = Load("in/a.png,x\n");

        Assert.All(data.Training.Read(0).Pixels.ToArray(), value => Assert.Equal(77, value));
    }

    [Theory]
    [InlineData("a.png\n", "line 1: expected path,label or path,label,split, found 1 field.")]
    [InlineData("a.png,x\nb.png,x,train,more\n", "line 2: expected path,label or path,label,split, found 4 fields")]
    [InlineData("a.png,x\n\nb.png,x,holdout\n", "line 3: expected the split train, val or test, found 'holdout'")]
    [InlineData("a.png,\n", "line 1: expected a path and a label, found no label")]
    [InlineData(",x\n", "line 1: expected a path and a label, found no path")]
    [InlineData("a.png,x\nb.png,y\na.png,y\n", "line 3: expected a picture that is not listed yet, found 'a.png' of line 1 again")]
    [InlineData("a.png,x\n\"b\nc.png,y\n", "line 2: expected a closing quote")]
    [InlineData("\"a\n1.png\",x\nb.png,\"y\"z\n", "line 3: expected a comma or the line's end after a closing quote, found 'z'")]
    [InlineData("a.png,5\" disk\n", "line 1: expected no quote within a field")]
    [InlineData("a.png,x\nb.png,y,test\n", "line 2: class 'y' has no training picture")]
    [InlineData("path,label\n", "found none")]
    [InlineData("", "found none")]
    public void Load_WrongLine_IsNamed(string content, string message)
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => Load(content));

        Assert.StartsWith($"'{_directory.File("list.csv")}': ", e.Message, StringComparison.Ordinal);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    private DataSplits Load(string content, ulong seed = 0)
    {
        string path = _directory.File("list.csv");
        File.WriteAllText(path, content);
        return PictureTable.Load(path, seed);
    }
}
