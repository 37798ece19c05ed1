Console.WriteLine("alexnet-bench");
