namespace AlexNetSharp.Reference;

/// <summary>One update of stochastic gradient descent with momentum μ and weight decay λ. Weights and velocity change in place.</summary>
/// <remarks>
/// The velocity starts at zero. The two forms agree while the learning rate stands still; when it changes, PyTorch's velocity (in
/// gradients) takes the new rate at once, Krizhevsky's (in steps) keeps the old one for what it has gathered.
/// </remarks>
public static class ReferenceSgd
{
    /// <summary>PyTorch: v = μ·v + (g + λ·w); w −= lr·v.</summary>
    public static void PyTorchUpdate(
        double[] weights, double[] gradient, double[] velocity, double learningRate, double momentum, double weightDecay)
    {
        Expect.Length(gradient, weights.Length, nameof(gradient));
        Expect.Length(velocity, weights.Length, nameof(velocity));
        for (var i = 0; i < weights.Length; i++)
        {
            velocity[i] = momentum * velocity[i] + (gradient[i] + weightDecay * weights[i]);
            weights[i] -= learningRate * velocity[i];
        }
    }

    /// <summary>Krizhevsky et al. 2012, §5: v = μ·v − λ·lr·w − lr·g; w += v.</summary>
    public static void Krizhevsky2012Update(
        double[] weights, double[] gradient, double[] velocity, double learningRate, double momentum, double weightDecay)
    {
        Expect.Length(gradient, weights.Length, nameof(gradient));
        Expect.Length(velocity, weights.Length, nameof(velocity));
        for (var i = 0; i < weights.Length; i++)
        {
            velocity[i] = momentum * velocity[i] - weightDecay * learningRate * weights[i] - learningRate * gradient[i];
            weights[i] += velocity[i];
        }
    }

    /// <summary>Nesterov's momentum in PyTorch's form: d = g + λ·w; v = μ·v + d; w −= lr·(d + μ·v).</summary>
    public static void PyTorchNesterovUpdate(
        double[] weights, double[] gradient, double[] velocity, double learningRate, double momentum, double weightDecay)
    {
        Expect.Length(gradient, weights.Length, nameof(gradient));
        Expect.Length(velocity, weights.Length, nameof(velocity));
        for (var i = 0; i < weights.Length; i++)
        {
            var decayed = gradient[i] + weightDecay * weights[i];
            velocity[i] = momentum * velocity[i] + decayed;
            weights[i] -= learningRate * (decayed + momentum * velocity[i]);
        }
    }

    /// <summary>
    /// Nesterov's momentum where the velocity is in steps: v = μ·v − lr·(g + λ·w); w += μ·v − lr·(g + λ·w). Bengio et al. 2013 ("Advances in
    /// optimizing recurrent networks", §3.5) derive it from Sutskever's by standing where the gradient is taken.
    /// </summary>
    public static void StepNesterovUpdate(
        double[] weights, double[] gradient, double[] velocity, double learningRate, double momentum, double weightDecay)
    {
        Expect.Length(gradient, weights.Length, nameof(gradient));
        Expect.Length(velocity, weights.Length, nameof(velocity));
        for (var i = 0; i < weights.Length; i++)
        {
            var move = -learningRate * (gradient[i] + weightDecay * weights[i]);
            velocity[i] = momentum * velocity[i] + move;
            weights[i] += momentum * velocity[i] + move;
        }
    }
}
