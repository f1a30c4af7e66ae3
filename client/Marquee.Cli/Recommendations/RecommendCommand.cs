using System.CommandLine;
using Marquee.Cli.Nodes;
using Marquee.Client;
using Marquee.Client.Recommendations;

namespace Marquee.Cli.Recommendations;

/// <summary><c>marquee recommend</c>: what the node would show a viewer now.</summary>
internal static class RecommendCommand
{
    public static Command Create(CommandContext context)
    {
        var user = new Argument<string>("user") { Description = "The viewer's id; need not be known." };
        var url = NodeOption.Create();
        var surface = new Option<string?>("--surface") { Description = "The placement, for example top-picks, because-you-watched, trending, new, genre:Drama. [default: top-picks]" };
        var count = new Option<int?>("--count") { Description = "How many titles (per row with --home)." };
        var country = new Option<string?>("--country") { Description = "The viewer's country, for example SE." };
        var after = new Option<string?>("--after") { Description = "A position that the answer must cover, as an events call returned it." };
        var explain = new Option<bool>("--explain") { Description = "Show the named parts that add up to each score." };
        var noExploration = new Option<bool>("--no-exploration") { Description = "No slots for titles that hardly anyone has judged." };
        var home = new Option<bool>("--home") { Description = "The whole home page instead of one surface." };
        var command = new DescribedCommand("recommend", "Shows what a viewer would be recommended now.")
        {
            Examples =
            [
                "marquee recommend 9571",
                "marquee recommend 9571 --explain --count 5",
                "marquee recommend someone-new --home --country SE",
                "marquee recommend 9571 --json | jq -r '.items[].title.name'",
            ],
        };
        command.Add(user);
        foreach (var option in (Option[])[url, surface, count, country, after, explain, noExploration, home])
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(home) && result.GetValue(surface) is not null)
            {
                result.AddError("--home has all surfaces: leave --surface out.");
            }
        });
        command.Does(context, async (parse, cancellationToken) =>
        {
            var client = NodeOption.Connect(context, parse.GetRequiredValue(url), context.QueryPatience);
            var query = new SlateQuery
            {
                Surface = parse.GetValue(surface),
                Count = parse.GetValue(count),
                Country = parse.GetValue(country),
                After = parse.GetValue(after),
                Explain = parse.GetValue(explain),
                Metadata = true,
                Explore = !parse.GetValue(noExploration),
            };
            var json = parse.GetValue(MarqueeCommand.Json);
            if (parse.GetValue(home))
            {
                var page = await client.GetHomeAsync(parse.GetRequiredValue(user), query, cancellationToken);
                Write(context, json, page, MarqueeJson.Default.HomePage, SlateTable.Write);
            }
            else
            {
                var slate = await client.GetRecommendationsAsync(parse.GetRequiredValue(user), query, cancellationToken);
                Write(context, json, slate, MarqueeJson.Default.Slate, SlateTable.Write);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void Write<T>(
        CommandContext context,
        bool json,
        T answer,
        System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type,
        Action<Spectre.Console.IAnsiConsole, T> table)
    {
        if (json)
        {
            JsonOutput.Write(context, answer, type);
        }
        else
        {
            table(context.OutputConsole(), answer);
        }
    }
}
