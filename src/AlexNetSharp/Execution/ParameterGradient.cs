namespace AlexNetSharp.Execution;

/// <summary>Where the gradient of one parameter goes: into the plan's buffer for all of them, or into one that lives for one moment.</summary>
internal sealed class ParameterGradient
{
    private readonly PlanContext _context;
    private readonly PlanBuffer<float>? _own;

    public ParameterGradient(PlanContext context, Parameter parameter, OperationTime time)
    {
        _context = context;
        Parameter = parameter;
        if (context.Optimizer is not null)
            _own = context.Memory.Reserve<float>($"{parameter.Name} gradient", parameter.StorageLength, time.Backward, time.Backward);
    }

    public Parameter Parameter { get; }

    public Span<float> Span => _own is not null ? _own.Span : Parameter.In(_context.Gradient!.Span);

    /// <summary>Moves the weights, if this plan has an optimiser.</summary>
    public void Update(in RunContext run) => _context.Optimizer?.Update(_context.Network, Parameter, Span, run.LearningRate, run.UpdateStep, _context.Team);
}
