System.Console.WriteLine("prodsprint");
