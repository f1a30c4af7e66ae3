using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;

namespace Marquee.Gateway;

/// <summary>Serves the web page at <c>/</c> from this project's <c>wwwroot</c>.</summary>
internal static class Page
{
    public static void Use(WebApplication app)
    {
        // Published, the files lie beside the program; before that, a manifest tells where they are.
        StaticWebAssetsLoader.UseStaticWebAssets(app.Environment, app.Configuration);
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions
        {
            // A new version of the node brings a new page: the browser asks, and mostly hears "not modified".
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache",
        });
    }
}
