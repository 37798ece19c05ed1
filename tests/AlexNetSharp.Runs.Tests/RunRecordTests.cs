using System.Text.Json.Nodes;

namespace AlexNetSharp.Runs.Tests;

public sealed class RunRecordTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("alexnet-record-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_Written_HasWhetherThereAreEventFiles(bool tensorBoard)
    {
        File.WriteAllText(Path.Combine(_folder, RunRecord.FileName), Record(tensorBoard).ToJson());

        Assert.Equal(tensorBoard, RunRecord.Read(_folder)!.TensorBoard);
    }

    [Fact]
    public void Read_RecordFromBeforeThereWereEventFiles_GoesOnWithThem()
    {
        JsonObject json = JsonNode.Parse(Record(tensorBoard: false).ToJson())!.AsObject();
        Assert.True(json.Remove("tensorboard"));
        File.WriteAllText(Path.Combine(_folder, RunRecord.FileName), json.ToJsonString());

        Assert.True(RunRecord.Read(_folder)!.TensorBoard);
    }

    private static RunRecord Record(bool tensorBoard) => new(
        RunState.Running, "alexnet-mnist", "mnist", "default", null, "none", 1, null, new JsonObject(), 2, 256, "a processor", ".NET", "a system", "1.2.3",
        new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), tensorBoard);
}
