namespace AlexNetSharp.Execution;

/// <summary>What a plan is compiled for.</summary>
public enum PlanMode
{
    /// <summary>Logits only: nothing is kept for gradients, dropout is left out.</summary>
    Inference,

    /// <summary>Forward and backward.</summary>
    Training,
}
