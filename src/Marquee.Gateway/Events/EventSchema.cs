using Marquee.Gateway.OpenApi;
using Microsoft.OpenApi;

namespace Marquee.Gateway.Events;

/// <summary>The schema of an event, as <see cref="EventParser"/> reads it.</summary>
internal static class EventSchema
{
    /// <summary>Its name.</summary>
    public const string Id = "Event";

    public static OpenApiSchema Create() => Schemas.Closed(
        "What a viewer did with a title. Unknown fields and repeated fields are errors; null counts as absent.",
        new Dictionary<string, IOpenApiSchema>
        {
            ["eventId"] = Schemas.Id(
                "Names the event once per user: a second event with the same id is a duplicate and changes nothing. Without it one is derived from "
                + "all other fields as sent, so that an exact retry is a duplicate; two equal events without eventId and without occurredAt are then one event."),
            ["userId"] = Schemas.Id("The viewer."),
            ["titleId"] = Schemas.Id("The title. One that the catalogue does not know is accepted and appears there as a stub."),
            ["type"] = Schemas.OneOf(EngagementTypeNames.All, "What happened."),
            ["value"] = Schemas.Number("-10000000000", "10000000000", "For rate: stars, 0.5 to 5, required. For other types a number of your own."),
            ["positionSeconds"] = Schemas.Number("0", "10000000000", "Playback position."),
            ["durationSeconds"] = Schemas.Number("0", "10000000000", "Length of the title.", minExcluded: true),
            ["occurredAt"] = Schemas.Instant("When it happened: not before 1970, at most five minutes in the future. Without it, the moment of arrival."),
            ["sessionId"] = Schemas.Text(GatewayLimits.LabelLength, "The viewing session."),
            ["recommendationId"] = Schemas.Text(GatewayLimits.LabelLength, "The slate that led here, as an answer named it."),
            ["country"] = Schemas.Country("Where the viewer is, ISO 3166-1 alpha-2."),
            ["device"] = Schemas.Text(GatewayLimits.LabelLength, "The kind of device, in your own words."),
        },
        "userId",
        "titleId",
        "type");
}
