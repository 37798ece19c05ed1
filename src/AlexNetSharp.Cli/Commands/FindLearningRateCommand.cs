using System.CommandLine;
using System.Text.Json;
using AlexNetSharp.Cli.Reporting;
using AlexNetSharp.Cli.Settings;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Training;
using Spectre.Console;

namespace AlexNetSharp.Cli.Commands;

/// <summary><c>alexnet find-lr</c>.</summary>
internal static class FindLearningRateCommand
{
    private const int DefaultSteps = 200;
    private const int RowsShown = 20;

    public static Command Create()
    {
        TrainArguments arguments = new();
        Option<int> steps = new("--steps")
        {
            Description = $"Steps of the sweep (default: {DefaultSteps})",
            HelpName = "N",
            CustomParser = result => CommonOptions.Number(result, 10, 1_000_000, 0),
            DefaultValueFactory = _ => DefaultSteps,
        };
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        Command command = new("find-lr", "Look for a learning rate: train for a short while at rates that rise, and watch the loss; nothing is written");
        arguments.AddTo(command);
        command.Options.Add(steps);
        command.Options.Add(threads);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            using Interruption interruption = new();
            (TrainSettings settings, DataSplits data) = arguments.Read(parsed, interruption.Token);
            using ThreadTeam team = new(parsed.GetValue(threads));
            ModelSpec spec = ModelArgument.Create(settings.Model, data.Training.ClassNames);
            using Network network = new(Trainer.Adapt(spec, data, settings.Options, team));
            LearningRateSweep sweep = Sweep(network, data, settings, parsed.GetValue(steps), team, interruption.Token);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(new FindLearningRateJson(spec.Name, sweep.Suggestion, sweep.Points), JsonForms.Line.FindLearningRateJson));
            else
                Write(sweep);
            return CommandRunner.Done;
        });
        return command;
    }

    private static LearningRateSweep Sweep(Network network, DataSplits data, TrainSettings settings, int steps, ThreadTeam team, CancellationToken cancellationToken)
    {
        try
        {
            return LearningRateFinder.Sweep(network, data, settings.Options, steps, team, cancellationToken);
        }
        catch (ArgumentException e)
        {
            throw UsageException.Of(e);
        }
    }

    private static void Write(LearningRateSweep sweep)
    {
        Table table = Tables.Create("Learning rate", "Loss");
        int every = Math.Max(1, (sweep.Points.Length + RowsShown - 1) / RowsShown);
        for (int i = 0; i < sweep.Points.Length; i += every)
            table.AddRow($"{sweep.Points[i].Rate:E2}", $"{sweep.Points[i].Loss:F4}");
        Tables.Write(table);
        Console.WriteLine($"The loss falls fastest at {sweep.Suggestion:E2}: begin with --learning-rate {sweep.Suggestion:G2}, or half of it.");
    }
}
