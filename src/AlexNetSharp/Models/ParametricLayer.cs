using System.Text.Json.Serialization;

namespace AlexNetSharp.Models;

/// <summary>A layer with weights and biases.</summary>
public abstract record ParametricLayer : Layer
{
    /// <summary>What the biases begin as where the initialisation asks for it (<see cref="Execution.Initialization.Krizhevsky2012"/>). In JSON it may be left out for 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public float InitialBias { get; init; }

    /// <exception cref="InvalidModelException">The initial bias is no finite number.</exception>
    private protected void ValidateBias()
    {
        if (!float.IsFinite(InitialBias))
            throw Invalid($"initial bias {InitialBias}; it must be a finite number.");
    }
}
