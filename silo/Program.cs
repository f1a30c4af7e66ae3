using Marquee.Silo;

// Exit codes: 0 stopped in order, 1 could not start or failed, 2 wrong options.
try
{
    await NodeHost.Build(args).RunAsync();
    return 0;
}
catch (SiloOptionsException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
catch (Exception exception) when (StartFailure.Explain(exception) is { } explanation)
{
    Console.Error.WriteLine(explanation);
    return 1;
}
