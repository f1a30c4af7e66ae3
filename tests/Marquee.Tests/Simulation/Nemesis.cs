namespace Marquee.Tests.Simulation;

/// <summary>What goes wrong at large: processes die, freeze and live on unnoticed, the store dies, the disk fills up, bits flip, clocks jump.</summary>
/// <remarks>Most of it is over soon: a world that stands still shows little.</remarks>
internal sealed class Nemesis(EventLoop loop, SimulatedCluster cluster, SimulatedStore store, RecoveryCheck recoveries, Faults faults, int nodes, Trace trace, TimeSpan pause)
{
    private readonly Random _chance = faults.ChanceOf("nemesis");

    /// <summary>Strikes again and again until faults are switched off.</summary>
    public void Begin()
    {
        loop.After(pause * (.2 + (1.6 * _chance.NextDouble())), () =>
        {
            if (faults.AreOn)
            {
                Strike();
                Begin();
            }
        });
    }

    /// <summary>Undoes whatever is not over by itself.</summary>
    public void Heal()
    {
        store.Disk.IsFull = false;
        foreach (var flipped in store.Flipped.ToArray())
        {
            Mend(flipped);
        }

        foreach (var node in cluster.Nodes)
        {
            (node.Log.IsCut, node.Time.Skew) = (false, TimeSpan.Zero);
            node.Machine.Thaw();
        }

        Refill();
    }

    /// <summary>Flips one bit of a file that has any.</summary>
    public FlippedBit? Flip(Func<SimulatedFile, bool> which)
    {
        var files = store.Disk.Files.Where(file => file.Length > 0 && which(file)).ToArray();
        if (files.Length == 0)
        {
            return null;
        }

        var file = files[_chance.Next(files.Length)];
        var flipped = new FlippedBit(file, _chance.Next(file.Length), (byte)(1 << _chance.Next(8)));
        file.Flip(flipped.Place, flipped.Mask);
        store.Flipped.Add(flipped);
        faults.Count("bit flipped");
        trace.Note($"byte {flipped.Place} of {file.Name} is not what was written");
        return flipped;
    }

    /// <summary>Gives a byte back what was written, unless it has been written over since.</summary>
    public void Mend(FlippedBit flipped)
    {
        if (store.Flipped.Remove(flipped))
        {
            recoveries.Mended(flipped);
            if (store.Disk.Find(flipped.File.Name) == flipped.File && flipped.File.IsFlipped(flipped.Place))
            {
                flipped.File.Flip(flipped.Place, flipped.Mask);
            }
        }
    }

    private void Strike()
    {
        switch (_chance.Next(13))
        {
            case 0 or 1:
                KillNode();
                break;
            case 2 or 3:
                FreezeNode();
                break;
            case 4 or 5:
                faults.Count("partition taken over");
                cluster.Forget(SimulatedCluster.PartitionId(_chance.Next(cluster.Options.PartitionCount)));
                break;
            case 6:
                ForgetNode();
                break;
            case 7:
                KillStore(Seconds(.02, 3));
                break;
            case 8:
                CutPower();
                break;
            case 9:
                CutLink();
                break;
            case 10:
                FillDisk();
                break;
            case 11:
                FlipForAWhile();
                break;
            default:
                MoveClock();
                break;
        }
    }

    private SimulatedNode? AnyNode() => cluster.Nodes.Count == 0 ? null : cluster.Nodes[_chance.Next(cluster.Nodes.Count)];

    private void KillNode()
    {
        if (AnyNode() is { } node)
        {
            faults.Count("node killed");
            cluster.Kill(node, foundOutAfter: Seconds(0, 3));
            loop.After(Seconds(.1, 4), Refill);
        }
    }

    private void CutPower()
    {
        faults.Count("power cut");
        foreach (var node in cluster.Nodes.ToArray())
        {
            cluster.Kill(node, foundOutAfter: TimeSpan.Zero);
        }

        KillStore(Seconds(.02, 1));
        loop.After(Seconds(.1, 2), Refill);
    }

    private void KillStore(TimeSpan downFor)
    {
        if (store.IsUp)
        {
            faults.Count("store killed");
            store.Die(downFor);
        }
    }

    /// <summary>A frozen node may be taken for dead meanwhile. When it goes on it does not know, for a while.</summary>
    private void FreezeNode()
    {
        if (AnyNode() is not { Machine.IsFrozen: false } node)
        {
            return;
        }

        faults.Count("node frozen");
        trace.Note($"{node.Name} freezes");
        node.Machine.Freeze();
        if (_chance.Next(2) == 0)
        {
            loop.After(Seconds(.2, 6), () => Evict(node));
        }

        loop.After(Seconds(.1, 8), () =>
        {
            trace.Note($"{node.Name} goes on");
            node.Machine.Thaw();
        });
    }

    /// <summary>The others take a node for dead that is not.</summary>
    private void ForgetNode()
    {
        if (AnyNode() is { } node)
        {
            faults.Count("node evicted");
            Evict(node);
        }
    }

    private void Evict(SimulatedNode node)
    {
        trace.Note($"{node.Name} is taken for dead");
        cluster.Forget(node);
        loop.After(Seconds(2, 18), () =>
        {
            // It reads that it is dead, and ends.
            if (node.Machine.IsAlive)
            {
                cluster.Kill(node, TimeSpan.Zero);
                loop.After(Seconds(.1, 1), Refill);
            }
        });
    }

    private void CutLink()
    {
        if (AnyNode() is { } node)
        {
            faults.Count("node cut from the store");
            node.Log.IsCut = true;
            loop.After(Seconds(.1, 6), () => node.Log.IsCut = false);
        }
    }

    private void FillDisk()
    {
        faults.Count("disk full");
        store.Disk.IsFull = true;
        loop.After(Seconds(.1, 5), () => store.Disk.IsFull = false);
    }

    private void FlipForAWhile()
    {
        // One at a time: against two bits in the two snapshots of a partition only a backup helps.
        if (store.Flipped.Count == 0 && Flip(_ => true) is { } flipped)
        {
            loop.After(Seconds(.5, 5), () => Mend(flipped));
        }
    }

    private void MoveClock()
    {
        if (AnyNode() is { } node)
        {
            faults.Count("clock moved");
            node.Time.Skew = TimeSpan.FromMinutes(_chance.Next(-60, 61));
        }
    }

    private void Refill()
    {
        while (cluster.Nodes.Count(node => !node.IsEvicted) < nodes)
        {
            cluster.Start();
        }
    }

    private TimeSpan Seconds(double least, double most) => TimeSpan.FromSeconds(least + ((most - least) * Math.Pow(_chance.NextDouble(), 2)));
}
