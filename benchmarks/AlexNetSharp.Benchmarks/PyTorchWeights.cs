using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;

namespace AlexNetSharp.Benchmarks;

/// <summary>A network's weights under PyTorch's names and layouts.</summary>
internal static class PyTorchWeights
{
    /// <summary>All parameters by name, read back from the model's file: the way by which anybody else gets them.</summary>
    public static IReadOnlyDictionary<string, SafeTensor> Of(Network network)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("alexnet-bench-");
        try
        {
            string path = Path.Combine(folder.FullName, "model.safetensors");
            ModelFile.Save(network, path);
            return SafeTensorsReader.Read(path).Tensors.ToDictionary(tensor => tensor.Name);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
