using System.CommandLine;
using AlexNetSharp.Cli;
using AlexNetSharp.Cli.Commands;

RootCommand root = new("AlexNet for .NET: train it, look inside it, put it to work.")
{
    TrainCommand.Create(),
    FindLearningRateCommand.Create(),
    EvalCommand.Create(),
    ReportCommand.Create(),
    PredictCommand.Create(),
    InspectCommand.Create(),
    ServeCommand.Create(),
    RunsCommand.Create(),
    DataCommand.Create(),
    ImportCommand.Create(),
    ExportCommand.Create(),
    SummaryCommand.Create(),
    BenchCommand.Create(),
};
return CommandRunner.Run(root, args);
