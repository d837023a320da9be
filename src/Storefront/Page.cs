using System.Net;

namespace Storefront;

/// <summary>The front page.</summary>
static class Page
{
    public static string Render(Settings settings, IEnumerable<string> items)
    {
        var version = WebUtility.HtmlEncode(settings.Version);
        var commit = WebUtility.HtmlEncode(settings.Commit.Length == 0 ? "unknown commit" : settings.Commit);
        var list = string.Concat(items.Select(x => $"<li>{WebUtility.HtmlEncode(x)}</li>"));
        return $$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Storefront {{version}}</title>
            <style>
              :root { color-scheme: light dark; --ink: #12263a; --paper: #f6f4ef; --card: #fff; --sea: #0b6e8f; --soft: #5d6d7a; }
              @media (prefers-color-scheme: dark) { :root { --ink: #e8eef2; --paper: #0d1720; --card: #15232f; --sea: #5cc3e0; --soft: #93a5b1; } }
              body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink);
                     font: 1rem/1.6 system-ui, sans-serif; }
              main { box-sizing: border-box; width: min(38rem, 92vw); padding: 2.5rem; background: var(--card); border-top: .35rem solid var(--sea);
                     border-radius: .6rem; box-shadow: 0 1rem 3rem rgb(0 0 0 / .12); }
              h1 { margin: 0; font-size: 2.2rem; line-height: 1.2; }
              p { margin: .4rem 0 1.4rem; color: var(--soft); }
              ul { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0 0 1.8rem; padding: 0; list-style: none; }
              li { padding: .25rem .8rem; border: 1px solid var(--sea); border-radius: 2rem; color: var(--sea); }
              dl { display: grid; grid-template-columns: auto 1fr; gap: .2rem 1rem; margin: 0; font-size: .9rem; }
              dt { color: var(--soft); }
              dd { margin: 0; overflow-wrap: anywhere; font-family: ui-monospace, monospace; }
            </style>
            </head>
            <body>
            <main>
              <h1>Storefront</h1>
              <p>Fittings for lines that must run the right way.</p>
              <ul>{{list}}</ul>
              <dl><dt>Version</dt><dd id="version">{{version}}</dd><dt>Commit</dt><dd id="commit">{{commit}}</dd></dl>
            </main>
            </body>
            </html>

            """;
    }
}
