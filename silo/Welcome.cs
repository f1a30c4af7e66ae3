using System.Globalization;

namespace Marquee.Silo;

/// <summary>What the node says when it is ready.</summary>
public static class Welcome
{
    /// <summary>The page's address and three calls to try.</summary>
    public static string Text(string address, int titles, TimeSpan elapsed) => string.Create(CultureInfo.InvariantCulture, $$"""

        Marquee is ready: {{titles:N0}} titles, {{elapsed.TotalSeconds:0.0}} s after the silo started.

          The page      {{address}}/
          The API       {{address}}/docs
          Health        {{address}}/health/ready

        Try:
          curl '{{address}}/v1/users/3141/recommendations?count=5&metadata=true'
          curl '{{address}}/v1/events' -H 'content-type: application/json' \
               -d '{"userId":"3141","titleId":"1454468","type":"play"}'
          curl '{{address}}/v1/users/3141/home?count=5'

        """);
}
