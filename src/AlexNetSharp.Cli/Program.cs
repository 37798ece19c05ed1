Console.WriteLine("alexnet");
