using System.CommandLine;
using System.Globalization;
using Marquee.Cli.Chaos.Clusters;
using Marquee.Cli.Chaos.Histories;
using Marquee.Cli.Chaos.Nemeses;
using Marquee.Cli.Chaos.Reports;
using Marquee.Cli.Clusters;
using Marquee.Cli.Clusters.Processes;
using Marquee.Cli.Clusters.Stores;

namespace Marquee.Cli.Chaos;

/// <summary><c>marquee chaos</c>: a cluster of its own under real faults, and a judgement of what clients saw.</summary>
internal static class ChaosCommand
{
    private const int Silos = 3;

    public static Command Create(CommandContext context)
    {
        var seed = new Option<int?>("--seed") { Description = "Decides which faults strike what and when, and what clients do; drawn and shown when left out." };
        var minutes = new Option<double>("--minutes") { Description = "How long faults are inflicted, 0.1 to 1440; each that has begun is healed, and the check comes on top.", DefaultValueFactory = _ => 5 };
        minutes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is var value && value is not (>= 0.1 and <= 1440))
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"--minutes takes a number from 0.1 to 1440, not {value}."));
            }
        });
        var faults = new Option<int?>("--faults") { Description = "End after so many faults, however long they take; in place of --minutes." };
        faults.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 10_000)
            {
                result.AddError("--faults takes a whole number from 1 to 10000.");
            }
        });
        var only = new Option<string[]>("--nemesis") { Description = "Inflict only these; may be given several times.", AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong([.. Nemesis.All.Select(nemesis => nemesis.Name)]);
        var storage = new Option<string>("--storage") { Description = "The store, which is started too.", DefaultValueFactory = _ => DevelopmentStore.Kinds[0] };
        storage.AcceptOnlyFromAmong(DevelopmentStore.Kinds);
        var silo = new Option<string?>("--silo") { Description = "The silo's program, marquee-silo.dll; that of this clone when left out.", HelpName = "path" };
        var folder = new Option<string?>("--folder") { Description = "Where history, logs and data go; a new one in the temporary directory when left out.", HelpName = "dir" };
        var check = new Option<string?>("--check") { Description = "Judge a recorded history again, and do nothing else.", HelpName = "file" };
        var summary = new Option<string[]>("--summary") { Description = "Add up the runs in these folders, and do nothing else.", HelpName = "dirs", AllowMultipleArgumentsPerToken = true };
        var command = new DescribedCommand("chaos", "Inflicts faults on a cluster of three silos while clients work, and judges what they saw.")
        {
            Notes =
            [
                $"Faults: {string.Join(", ", Nemesis.All.Select(nemesis => nemesis.Name))}.",
                "Cutting silos off from each other puts each into a network namespace and needs root and the commands ip and nft; elsewhere a silo can be cut off from the store alone (store-cut), through a proxy; a full disk needs root, a loop device and mkfs.ext4; moving a clock needs a C compiler (cc, gcc or tcc, with the C library's headers). Faults that the machine cannot suffer are left out, and named. Logs and history stay in the folder, and the store's data when a promise was broken. A run that was itself killed leaves a cluster behind; 'marquee cluster stop --folder DIR' ends it, and the next run deletes its network namespaces.",
            ],
            Examples = ["marquee chaos --seed 1 --minutes 2", "marquee chaos --minutes 30 --json > report.json", "marquee chaos --nemesis kill --nemesis freeze-40s", "marquee chaos --summary first-run/ second-run/"],
        };
        foreach (var option in (Option[])[seed, minutes, faults, only, storage, silo, folder, check, summary])
        {
            command.Add(option);
        }

        command.Does(context, async (parse, cancelled) =>
        {
            var json = parse.GetValue(MarqueeCommand.Json);
            if (parse.GetValue(check) is { } recorded)
            {
                return ChaosReport.Of(parse.GetValue(seed) ?? 0, "", recorded, HistoryFile.Read(recorded), [], []).Write(context, json);
            }

            if (parse.GetValue(summary) is { Length: > 0 } folders)
            {
                return ChaosSummary.Of(folders).Write(context, json);
            }

            var chosen = parse.GetValue(only) is { Length: > 0 } names ? [.. Nemesis.All.Where(nemesis => names.Contains(nemesis.Name))] : Nemesis.All;
            var place = new ClusterFolder(parse.GetValue(folder) ?? NewFolder());
            var assembly = SiloProgram.Find(parse.GetValue(silo));
            using var held = place.Make();
            if (place.Read() is not null)
            {
                throw new CommandFailure($"{place.Path} holds a cluster already.", "Choose another --folder.");
            }

            var report = await RunAsync(
                context, json, place, assembly, parse.GetRequiredValue(storage), chosen, parse.GetValue(seed) ?? Random.Shared.Next(1_000_000), ExtentOf(parse.GetValue(minutes), parse.GetValue(faults)), cancelled);
            report.Keep(place.Path);
            if (report.Violations.Count == 0)
            {
                new DevelopmentStore(place).Delete();
            }

            return report.Write(context, json);
        });
        return command;
    }

    private static ChaosExtent ExtentOf(double minutes, int? faults) =>
        faults is { } most ? new ChaosExtent(TimeSpan.MaxValue, most) : new ChaosExtent(TimeSpan.FromMinutes(minutes), int.MaxValue);

    private static async Task<ChaosReport> RunAsync(
        CommandContext context, bool json, ClusterFolder folder, string assembly, string storage, IReadOnlyList<INemesis> chosen, int seed, ChaosExtent extent, CancellationToken cancelled)
    {
        Action<string> say = json ? _ => { } : context.Error.WriteLine;
        say(string.Create(CultureInfo.InvariantCulture, $"Seed {seed}. Starting {Silos} silos on {storage} in {folder.Path} …"));
        await using var cluster = await ChaosCluster.StartAsync(folder, Silos, storage, assembly, cancelled);
        INemesis[] possible = [.. chosen.Where(nemesis => nemesis.CanStrike(cluster))];
        if (possible.Length == 0)
        {
            throw new CommandFailure("None of these faults can be inflicted here.", "'marquee chaos --help' says what they need.");
        }

        string[] leftOut = [.. chosen.Except(possible).Select(nemesis => nemesis.Name)];
        if (leftOut.Length > 0)
        {
            say($"Not possible on this machine: {Nemesis.WithNeeds(leftOut)}.");
        }

        using var history = new HistoryFile(ChaosReport.HistoryIn(folder.Path), context.TimeProvider);
        var injections = await new ChaosRun(cluster, history, possible, seed, say).RunAsync(extent, cancelled);
        return ChaosReport.Of(seed, storage, history.Path, history.Records, injections, leftOut);
    }

    /// <summary>PostgreSQL may run as another user, who has to get through.</summary>
    private static string NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("marquee-chaos-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        return folder;
    }
}
