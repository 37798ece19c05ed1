using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AlexNetSharp.Interop.PyTorch;

/// <summary>Reads a tensor's values out of its storage, whatever its strides.</summary>
internal static class TensorValues
{
    /// <summary>Reads the values as float32, row-major.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="storages">Where its storage is.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="values">As many as the tensor has; overwritten.</param>
    /// <exception cref="InvalidDataException">Its values are of another type, more than its storage has, or not in the file.</exception>
    public static void Read(PickledTensor tensor, IStorageReader storages, string name, Span<float> values)
    {
        PickledStorage storage = tensor.Storage;
        if (storage.Type != StorageType.Float && storage.Type != StorageType.Half && storage.Type != StorageType.BFloat16)
            throw BrokenFile.Because($"{name} has dtype {storage.Type.Name}; expected F32, F16 or BF16. Convert it first: tensor.float().");
        // Else a file of some bytes could ask for any amount of memory.
        if (tensor.Length > storage.ViewLength || tensor.Length > Array.MaxLength)
            throw BrokenFile.Because($"{name} has {tensor.Length} values, its storage {storage.ViewLength}; expected no more (nor than {Array.MaxLength}). Save it again after tensor.contiguous().");
        if (values.Length == 0)
            return;
        if (tensor.IsContiguous)
        {
            ReadRun(storage, tensor.Offset, storages, values);
            return;
        }
        long last = tensor.Offset;
        for (int i = 0; i < tensor.Shape.Length; i++)
            last += (tensor.Shape[i] - 1) * tensor.Strides[i];
        long span = last - tensor.Offset + 1;
        if (span > Array.MaxLength)
            throw BrokenFile.Because($"{name} is spread over {span} values; expected {Array.MaxLength} at most. Save it again after tensor.contiguous().");
        float[] run = new float[span];
        ReadRun(storage, tensor.Offset, storages, run);
        Gather(tensor, run, values);
    }

    private static void ReadRun(PickledStorage storage, long offset, IStorageReader storages, Span<float> values)
    {
        long start = (storage.ViewOffset + offset) * storage.Type.Size;
        if (storage.Type == StorageType.Float)
        {
            storages.Read(storage, start, MemoryMarshal.AsBytes(values));
            if (storages.IsLittleEndian != BitConverter.IsLittleEndian)
            {
                Span<int> bits = MemoryMarshal.Cast<float, int>(values);
                BinaryPrimitives.ReverseEndianness(bits, bits);
            }
            return;
        }
        // In the upper half of where the floats go, so that a value is read before it is written over.
        Span<ushort> halves = MemoryMarshal.Cast<float, ushort>(values)[values.Length..];
        storages.Read(storage, start, MemoryMarshal.AsBytes(halves));
        if (storages.IsLittleEndian != BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(halves, halves);
        bool isHalf = storage.Type == StorageType.Half;
        for (int i = 0; i < values.Length; i++)
            values[i] = isHalf ? (float)BitConverter.UInt16BitsToHalf(halves[i]) : BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
    }

    // The last index counts fastest.
    private static void Gather(PickledTensor tensor, float[] run, Span<float> values)
    {
        int[] index = new int[tensor.Shape.Length];
        long place = 0;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = run[place];
            for (int axis = index.Length - 1; axis >= 0; axis--)
            {
                place += tensor.Strides[axis];
                if (++index[axis] < tensor.Shape[axis])
                    break;
                place -= index[axis] * tensor.Strides[axis];
                index[axis] = 0;
            }
        }
    }
}
