namespace Marquee.Gateway.OpenApi;

/// <summary>The groups that calls are listed under.</summary>
internal static class Tag
{
    public const string Events = "Events";
    public const string Recommendations = "Recommendations";
    public const string Users = "Users";
    public const string Titles = "Titles";
    public const string Operations = "Operations";
}
