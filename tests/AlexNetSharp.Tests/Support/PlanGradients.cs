using AlexNetSharp.Execution;

namespace AlexNetSharp.Tests.Support;

internal static class PlanGradients
{
    /// <summary>One parameter's gradient after a backward pass, in the layout of the parameter's shape.</summary>
    public static float[] Gradient(this ExecutionPlan plan, Parameter parameter)
    {
        float[] values = new float[parameter.Length];
        parameter.Read(plan.Gradient, values);
        return values;
    }
}
