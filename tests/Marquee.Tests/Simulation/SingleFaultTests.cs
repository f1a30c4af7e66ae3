namespace Marquee.Tests.Simulation;

/// <summary>One fault at a time in a world that is calm otherwise, with what has to follow from it.</summary>
public sealed class SingleFaultTests
{
    private readonly SimulatedWorld _world = new(seed: 5, FaultRates.None);

    [Fact]
    public void DiskFull_RefusesClearlyAndGoesOnWhenThereIsRoom()
    {
        Assert.True(Send(_world.Draw()));
        var refused = _world.Draw();
        _world.Store.Disk.IsFull = true;
        Assert.False(Send(refused));
        Assert.All(refused.Entries, entry =>
        {
            var fate = _world.History.Entries[EventKey.Of(entry)];
            Assert.Equal((fate.Attempts, 0), (fate.Refusals, fate.Unknowns));
        });
        _world.Store.Disk.IsFull = false;
        Assert.True(Send(refused));
        Judge();
    }

    [Theory]
    [InlineData("state/partition-a")]
    [InlineData("state/partition-b")]
    public void BitFlippedInASnapshot_TheOtherOneAndTheLogGiveTheStateBack(string slot)
    {
        SendMany();
        Assert.NotNull(_world.Nemesis.Flip(file => file.Name.StartsWith(slot, StringComparison.Ordinal)));
        var compared = _world.StatesCompared;
        _world.RestartNodes();
        SendMany();
        Assert.True(_world.StatesCompared >= compared + _world.Options.PartitionCount);
        Judge();
    }

    [Fact]
    public void BitFlippedInTheLog_ThePartitionStaysClosedUntilItIsMended()
    {
        SendMany();
        var shipment = _world.Draw();
        var log = Marquee.Storage.Events.LogPartition.Events(shipment.Partition);
        var flipped = _world.Nemesis.Flip(file => file.Name == log.Name)!;
        _world.Store.Die(TimeSpan.Zero);
        _world.RestartNodes();
        var length = flipped.File.Length;
        Assert.False(Send(shipment));
        Assert.True(_world.Store.IsDamaged(log));
        Assert.Equal(length, flipped.File.Length);
        _world.Nemesis.Mend(flipped);
        Assert.True(Send(shipment));
        Judge();
    }

    private bool Send(Shipment shipment) => _world.Await(() => _world.FirstProducer.Send(shipment, attemptsMost: 3));

    /// <summary>Enough, and for long enough, that each partition has both of its snapshots.</summary>
    private void SendMany()
    {
        for (var i = 0; i < 300; i++)
        {
            Assert.True(Send(_world.Draw()));
            if (i % 100 == 99)
            {
                _world.Loop.RunUntil(() => false, _world.Options.CheckpointInterval * 2);
            }
        }
    }

    private void Judge()
    {
        _world.Run(TimeSpan.Zero);
        Assert.True(_world.Violations.Count == 0, _world.Explain());
    }
}
