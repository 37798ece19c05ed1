namespace AlexNetSharp.Server;

/// <summary>The model that comes with the software: <c>alexnet-mnist</c>, trained on MNIST's digits, in half precision.</summary>
public static class PretrainedModel
{
    /// <summary>What it is served as.</summary>
    public const string Name = "alexnet-mnist";

    /// <summary>Its file, beside the program.</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "models", Name + ".safetensors");
}
