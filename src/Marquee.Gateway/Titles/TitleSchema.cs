using Marquee.Gateway.OpenApi;
using Microsoft.OpenApi;

namespace Marquee.Gateway.Titles;

/// <summary>The schema of a title, as <see cref="TitleParser"/> reads it.</summary>
internal static class TitleSchema
{
    /// <summary>Its name.</summary>
    public const string Id = "TitleWrite";

    public static OpenApiSchema Create() => Schemas.Closed(
        "A title's metadata, replaced as a whole. Unknown fields and repeated fields are errors; null counts as absent.",
        new Dictionary<string, IOpenApiSchema>
        {
            ["titleId"] = Schemas.Id("The id; in a PUT it may be left out, and must not differ from the path's."),
            ["name"] = Schemas.Text(TitleLimits.NameLength, "The name to show."),
            ["kind"] = Schemas.OneOf(TitleKindNames.All, "What it is; a film when absent."),
            ["releaseDate"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "date", Description = "The day of release." },
            ["releaseYear"] = Schemas.Integer(TitleLimits.YearMin, TitleLimits.YearMax, description: "The year of release; that of releaseDate when only that is given."),
            ["genres"] = Words("Genres."),
            ["tags"] = Words("Tags."),
            ["languages"] = Schemas.ListOf(Schemas.Text(TitleLimits.LanguageLength), TitleLimits.ListLength, "Languages, for example as BCP 47 tags."),
            ["countries"] = Schemas.ListOf(Schemas.Country(), TitleLimits.ListLength, "Countries of production, ISO 3166-1 alpha-2."),
            ["runtimeSeconds"] = Schemas.Integer(1, TitleLimits.RuntimeSecondsMax, description: "Length."),
            ["maturity"] = Schemas.Text(TitleLimits.MaturityLength, "The maturity rating, for example PG-13."),
            ["people"] = Words("Cast and crew."),
            ["owner"] = Schemas.Text(TitleLimits.OwnerLength, "Who owns the rights."),
            ["exclusive"] = Schemas.Flag("Only here."),
            ["seriesId"] = Schemas.Id("The series of a season or episode."),
            ["season"] = Schemas.Integer(0, TitleLimits.NumberMax, description: "The season's number."),
            ["episode"] = Schemas.Integer(0, TitleLimits.NumberMax, description: "The episode's number."),
            ["availability"] = Schemas.ListOf(
                Schemas.Closed(
                    "A country and a time.",
                    new Dictionary<string, IOpenApiSchema>
                    {
                        ["country"] = Schemas.Country("ISO 3166-1 alpha-2."),
                        ["from"] = Schemas.Instant("From this moment on; absent: since ever."),
                        ["until"] = Schemas.Instant("Before this moment, after from; absent: for ever."),
                    },
                    "country"),
                TitleLimits.ListLength,
                "Where and when it may be shown; absent or empty: everywhere and always."),
            ["description"] = Schemas.Text(TitleLimits.DescriptionLength, "A description."),
        },
        "name");

    private static OpenApiSchema Words(string description) => Schemas.ListOf(Schemas.Text(TitleLimits.WordLength), TitleLimits.ListLength, description);
}
