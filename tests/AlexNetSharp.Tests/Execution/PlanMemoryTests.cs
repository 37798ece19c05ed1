using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Convolution;
using AlexNetSharp.Kernels.Dense;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using CsCheck;

namespace AlexNetSharp.Tests.Execution;

public sealed unsafe class PlanMemoryTests
{
    private const int Moments = 24;

    private static readonly Gen<Reservation> Reservations =
        from length in Gen.Int[0, 700]
        from first in Gen.Int[0, Moments - 1]
        from moments in Gen.Int[0, Moments - 1]
        from isBytes in Gen.Bool
        select new Reservation(length, first, Math.Min(Moments - 1, first + moments), isBytes);

    [Fact]
    public void LayOut_AnyReservations_KeepsApartWhatLivesTogetherInAlignedPlaces() => Reservations.Array[0, 40].Sample(
        reservations =>
        {
            using PlanMemory memory = new();
            Reserve(memory, reservations);
            memory.LayOut();
            foreach (PlanBuffer buffer in memory.Buffers)
            {
                Assert.Equal(0, buffer.Offset % PlanMemory.Alignment);
                Assert.InRange(buffer.Offset, 0, memory.Bytes - buffer.Bytes);
                foreach (PlanBuffer other in memory.Buffers.Where(other => other != buffer && other.First <= buffer.Last && buffer.First <= other.Last))
                {
                    Assert.True(
                        buffer.Offset + buffer.Bytes <= other.Offset || other.Offset + other.Bytes <= buffer.Offset,
                        $"{buffer.Name} and {other.Name} overlap in time and place.");
                }
            }
        },
        iter: 300, threads: 1);

    [Fact]
    public void LayOut_AnyReservations_TakesNoMoreThanTheirSumAndNoLessThanTheLargestMoment() => Reservations.Array[0, 40].Sample(
        reservations =>
        {
            using PlanMemory memory = new();
            Reserve(memory, reservations);
            memory.LayOut();
            long largest = Enumerable.Range(0, Moments).Max(moment => Sum(buffer => buffer.First <= moment && moment <= buffer.Last));
            Assert.InRange(memory.Bytes, largest, Sum(_ => true));

            long Sum(Func<PlanBuffer, bool> counts) => memory.Buffers.Where(counts).Sum(buffer => buffer.Bytes);
        },
        iter: 300, threads: 1);

    /// <summary>What a run does: each buffer is filled at its first moment and must hold the same at its last.</summary>
    [Fact]
    public void Buffers_FilledAtTheirFirstMoment_HoldTheSameAtTheirLast() => Reservations.Array[1, 30].Sample(
        reservations =>
        {
            using PlanMemory memory = new();
            Reserve(memory, reservations);
            memory.LayOut();
            memory.Allocate();
            for (int moment = 0; moment < Moments; moment++)
            {
                for (int i = 0; i < reservations.Length; i++)
                {
                    if (reservations[i].First == moment)
                        Contents(memory.Buffers[i]).Fill((byte)(i + 1));
                }
                for (int i = 0; i < reservations.Length; i++)
                {
                    if (reservations[i].Last == moment)
                        Assert.False(Contents(memory.Buffers[i]).ContainsAnyExcept((byte)(i + 1)), $"Buffer {i} was overwritten by moment {moment}.");
                }
            }
        },
        iter: 100, threads: 1);

    [Fact]
    public void LayOut_LifetimesThatDoNotMeet_ShareOnePlace()
    {
        using PlanMemory memory = new();
        PlanBuffer<float> early = memory.Reserve<float>("early", 1000, 0, 3), late = memory.Reserve<float>("late", 900, 4, 4);
        PlanBuffer<byte> last = memory.Reserve<byte>("last", 3000, 5, 9);
        memory.LayOut();
        Assert.Equal((0, 0, 0), (early.Offset, late.Offset, last.Offset));
        Assert.Equal(early.Bytes, memory.Bytes);
    }

    [Fact]
    public void LayOut_LifetimesThatMeetInOneMoment_AreApart()
    {
        using PlanMemory memory = new();
        memory.Reserve<float>("written", 16, 0, 4);
        memory.Reserve<float>("read meanwhile", 16, 4, 7);
        memory.LayOut();
        Assert.Equal(128, memory.Bytes);
    }

    [Fact]
    public void LayOut_ChainOfEqualBuffers_TakesTwo()
    {
        // Each operation reads what the one before it wrote.
        using PlanMemory memory = new();
        for (int i = 0; i < 20; i++)
            memory.Reserve<float>($"output {i}", 160, i, i + 1);
        memory.LayOut();
        Assert.Equal(2 * 640, memory.Bytes);
    }

    [Fact]
    public void Allocate_OfALayout_GivesZerosFromCacheLinesOn()
    {
        using PlanMemory memory = new();
        PlanBuffer<float> floats = memory.Reserve<float>("floats", 33, 0, 2), empty = memory.Reserve<float>("empty", 0, 0, 2);
        PlanBuffer<byte> bytes = memory.Reserve<byte>("bytes", 7, 0, 2);
        memory.LayOut();
        memory.Allocate();
        Assert.Equal((33, 0, 7), (floats.Span.Length, empty.Span.Length, bytes.Span.Length));
        Assert.All(memory.Buffers, buffer => Assert.Equal(0, (nint)buffer.Address % PlanMemory.Alignment));
        Assert.False(floats.Span.ContainsAnyExcept(0f));
        Assert.False(bytes.Span.ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Span_BeforeAllocationAndAfterDisposal_Throws()
    {
        PlanMemory memory = new();
        PlanBuffer<float> buffer = memory.Reserve<float>("buffer", 5, 0, 0);
        memory.LayOut();
        Assert.Throws<ObjectDisposedException>(() => buffer.Span.Length);
        memory.Allocate();
        Assert.Equal(5, buffer.Span.Length);
        memory.Dispose();
        memory.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Span.Length);
    }

    [Fact]
    public void Reserve_MoreThanCanBeIndexed_NamesTheBuffer()
    {
        using PlanMemory memory = new();
        ArgumentException error = Assert.Throws<ArgumentException>(() => memory.Reserve<float>("conv1 output", 1L << 31, 0, 0));
        Assert.Equal("Buffer 'conv1 output' needs 2147483648 elements, more than can be indexed. Use a smaller batch.", error.Message);
    }

    [Theory]
    [InlineData(ModelCatalog.AlexNetMnistName)]
    [InlineData(ModelCatalog.AlexNetCifarName)]
    [InlineData(ModelCatalog.AlexNet2012Name)]
    [InlineData(ModelCatalog.AlexNetOwtName)]
    public void BufferBytes_OfInference_AreLessThanHalfOfTrainings(string model)
    {
        using ThreadTeam team = new(1);
        using Network network = Network.WithoutMemory(ModelCatalog.Create(model));
        using ExecutionPlan training = new(network, 64, PlanMode.Training, team, null, allocates: false);
        using ExecutionPlan inference = new(network, 64, PlanMode.Inference, team, null, allocates: false);
        Assert.InRange(inference.BufferBytes, 1, training.BufferBytes / 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    public void BufferBytes_OfInference_HoldNoMoreThanOneOperationAtATimeNeeds(int batch)
    {
        using ThreadTeam team = new(2);
        using Network network = Network.WithoutMemory(ModelCatalog.Create(ModelCatalog.AlexNetMnistName));
        using ExecutionPlan plan = new(network, batch, PlanMode.Inference, team, null, allocates: false);
        // To the end: the pictures, the logits, the transformed filters. At a time: what one operation reads, writes and needs besides.
        long whole = (long)batch * network.Spec.Input.Length, largest = 0, input = whole;
        LayerShape[] shapes = [.. network.Shapes];
        for (int i = 0; i < shapes.Length; i++)
        {
            LayerShape shape = shapes[i];
            long scratch = 0, output = (long)batch * shape.Output.Length;
            switch (shape.Layer)
            {
                case Convolution2D convolution:
                    ConvolutionGeometry Geometry(int count) => convolution.Geometry(shape.Input, count);
                    LayerShape pooling = shapes[i + 2];
                    output = (long)batch * pooling.Output.Length;
                    i += 2;
                    if (convolution.Name == "conv1")
                    {
                        ConvolutionStage Stage(int count) =>
                            new(Geometry(count), default, ((MaxPool2D)pooling.Layer).Geometry(pooling.Input, count));
                        scratch = Largest(count => FirstLayerConvolution.ScratchLength(Stage(count), team.ThreadCount));
                        break;
                    }
                    whole += WinogradConvolution.FilterLength(Geometry(1));
                    scratch = Largest(count => WinogradConvolution.ForwardScratchLength(Geometry(count), team.ThreadCount));
                    break;
                case Dense:
                    DenseGeometry Panels(int count) => new(count, shape.Input.Length, shape.Output.Length);
                    scratch = Largest(count => Panels(count).PackedInputLength + DenseLayer.ForwardScratchLength(Panels(count), team.ThreadCount));
                    break;
                default:
                    // In place.
                    continue;
            }
            largest = Math.Max(largest, input + output + scratch);
            input = output;
        }
        whole += input;
        long buffers = plan.Operations.Length * 4;
        Assert.InRange(plan.BufferBytes, 1, ((whole + largest) * sizeof(float)) + (buffers * PlanMemory.Alignment));

        long Largest(Func<int, long> length) => Enumerable.Range(1, batch).Max(length);
    }

    private static void Reserve(PlanMemory memory, Reservation[] reservations)
    {
        for (int i = 0; i < reservations.Length; i++)
        {
            (int length, int first, int last, bool isBytes) = reservations[i];
            if (isBytes)
                memory.Reserve<byte>($"buffer {i}", length, first, last);
            else
                memory.Reserve<float>($"buffer {i}", length, first, last);
        }
    }

    private static Span<byte> Contents(PlanBuffer buffer) => new(buffer.Address, (int)buffer.Bytes);

    private sealed record Reservation(int Length, int First, int Last, bool IsBytes);
}
