using Marquee.Storage.Worker;

return args switch
{
    ["append", var directory] => await AppendForever.RunAsync(directory),
    ["measure", var directory, .. var rest] => await Measurement.RunAsync(directory, rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        marquee-storage-worker append DIRECTORY
            appends to 16 partitions and writes a state per append until it is killed; prints each acknowledgement
        marquee-storage-worker measure DIRECTORY [partitions=64] [events=100] [bytes=80] [seconds=10]
            the log's rate with one writer per partition
        """);
    return 2;
}
