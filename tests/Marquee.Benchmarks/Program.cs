Console.WriteLine("Marquee");
