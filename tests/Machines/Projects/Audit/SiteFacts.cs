namespace ProdSprint.Tests.Projects;

/// <summary>Sites and servers of frameworks whose start script, where there is one, is for developers.</summary>
internal static class SiteFacts
{
    private const string Lock = "package-lock.json";

    public static AuditFact[] All { get; } =
    [
        Site("brunch", "brunch", "brunch watch --server", "brunch build --production", "public"),
        Site("ember-cli", "ember", "ember serve", "ember build --environment=production", "dist"),
        Site("hexo", "hexo", "hexo server", "hexo generate", "public"),
        Site("parcel", "parcel", "parcel", "parcel build", "dist"),
        Site("preact-cli", "preact", "preact watch", "preact build", "build"),
        Site("@sanity/cli", "sanity", "sanity start", "sanity build", "dist"),
        Site("umi", "umi", "npm run dev", "umi build", "dist", "umi dev"),
        Site("vuepress", "vuepress", "vuepress dev src", "vuepress build src", "src/.vuepress/dist"),
        Site("gatsby", "gatsby", "npm run dev", "gatsby build", "public", "gatsby develop"),
        Site("sapper", "sapper", "sapper dev", "sapper export", "__sapper__/export"),
        new AuditFact("stencil with a page", "node", Framework: "stencil", Output: "www", Start: "").Of(("package.json", """{"scripts":{"build":"stencil build","start":"stencil build --dev --watch --serve"},"dependencies":{"@stencil/core":"4"}}"""), (Lock, "{}"), ("src/index.html", "")),
        new AuditFact("polymer's first build", "node", Framework: "polymer", Output: "build/esm", Start: "").Of(("package.json", """{"scripts":{"build":"polymer build","start":"polymer serve"},"devDependencies":{"polymer-cli":"1"}}"""), (Lock, "{}"), ("polymer.json", """{"builds":[{"name":"esm"},{"name":"es5"}]}""")),
        new AuditFact("hexo with a folder of its own", "node", Output: "site").Of(("package.json", """{"scripts":{"build":"hexo generate"},"dependencies":{"hexo":"7"}}"""), (Lock, "{}"), ("_config.yml", "public_dir: site\n")),
        new AuditFact("astro for a platform of its own", "node", Framework: "astro", Output: ".vercel/output/static", Start: "").Of(("package.json", """{"scripts":{"build":"astro build","start":"astro dev"},"dependencies":{"astro":"5","@astrojs/vercel":"8"}}"""), (Lock, "{}"), ("astro.config.ts", "export default { adapter: vercel() }")),
        new AuditFact("nitro", "node", Framework: "nitro", Start: "node .output/server/index.mjs", Port: 3000).Of(("package.json", """{"scripts":{"build":"nitro build","dev":"nitro dev"},"devDependencies":{"nitropack":"2"}}"""), (Lock, "{}")),
        new AuditFact("strapi", "node", Framework: "strapi", Start: "npm run start", Port: 1337).Of(("package.json", """{"scripts":{"build":"strapi build","start":"strapi start"},"dependencies":{"@strapi/strapi":"4"}}"""), (Lock, "{}")),
        new AuditFact("redwood", "node", "yarn", "redwood", Build: "yarn rw build", Start: "yarn rw serve --port ${PORT:-8910}", Port: 8910).Of(("package.json", """{"private":true,"workspaces":{"packages":["api","web"]},"devDependencies":{"@redwoodjs/core":"8"}}"""), ("yarn.lock", ""), ("api/package.json", """{"name":"api","dependencies":{"@redwoodjs/api":"8"}}"""), ("web/package.json", """{"name":"web","dependencies":{"@redwoodjs/web":"8"}}""")),
        new AuditFact("remix for another server", "node", Framework: "remix", Start: "").Of(("package.json", """{"scripts":{"build":"remix vite:build"},"dependencies":{"@remix-run/node":"2"}}"""), (Lock, "{}")),
        new AuditFact("hono on bun", "node", "bun", "hono", Start: "bun src/index.ts").Of(("package.json", """{"dependencies":{"hono":"4"}}"""), ("bun.lock", "{}"), ("src/index.ts", "const app = new Hono()\nexport default app\n")),
        new AuditFact("hono for a platform of functions", "node", "npm", "hono", Start: "").Of(("package.json", """{"dependencies":{"hono":"4"}}"""), (Lock, "{}"), ("src/index.ts", "const app = new Hono()\nexport default app\n")),
        new AuditFact("node without a package.json", "node", Start: "node server.js", Install: "").Of(("server.js", "const http = require('http')\nhttp.createServer(() => {}).listen(process.env.PORT)\n")),
        new AuditFact("a browser's script is no program", "static", Output: ".").Of(("index.html", "<script src=app.js>"), ("app.js", "document.title = 'x'")),
        new AuditFact("haunt", "static", Framework: "haunt", Build: "haunt build", Output: "out").Of(("haunt.scm", "(site #:title \"x\" #:build-directory \"out\")\n"), ("init.scm", "")),
        new AuditFact("hugo", "static", Framework: "hugo", Build: "hugo --gc --minify", Output: "public").Of(("config.toml", "baseURL = \"http://x/\"\ntheme = \"a\"\n"), ("content/posts/a.md", ""), ("themes/a/src/package.json", """{"scripts":{"build":"webpack","start":"webpack --watch"}}"""), ("themes/a/theme.toml", "")),
        new AuditFact("zola", "static", Framework: "zola", Build: "zola build", Output: "public").Of(("config.toml", "base_url = \"/\"\n"), ("templates/index.html", ""), ("content/a.md", "")),
        new AuditFact("jekyll", "ruby", "bundler", "jekyll", Build: "JEKYLL_ENV=production bundle exec jekyll build", Output: "_site").Of(("Gemfile", "gem \"jekyll\", \"~> 4.3\"\n"), ("Gemfile.lock", ""), ("_config.yml", "title: x\n"), ("index.md", "")),
        new AuditFact("middleman", "ruby", Framework: "middleman", Build: "bundle exec middleman build", Output: "build").Of(("Gemfile", "gem 'middleman'\n"), ("Gemfile.lock", ""), ("config.rb", ""), ("source/index.html.erb", "")),
        new AuditFact("a document root", "static", Output: "htdocs").Of(("htdocs/index.html", ""), ("httpd.conf", "")),
        new AuditFact("php in a document root", "php", Start: "frankenphp php-server --listen :${PORT:-80} --root htdocs", Port: 80).Of(("htdocs/index.php", "<?php")),
        new AuditFact("composer with a document root", "php", "composer", Start: "frankenphp php-server --listen :${PORT:-80} --root htdocs").Of(("composer.json", """{"require":{"php":"8.*"}}"""), ("htdocs/index.php", "<?php")),
        new AuditFact("a page of PHP within another program", "node", Start: "node a.js").Of(("package.json", """{"scripts":{"start":"node a.js"}}"""), ("a.js", ""), ("web/index.php", "<?php")),
        new AuditFact("Heroku's web server of PHP", "php", Start: "frankenphp php-server --listen :${PORT:-80} --root web").Of(("composer.json", "{}"), ("web/index.php", "<?php"), ("Procfile", "web: heroku-php-apache2 -i user.ini web/\n")),
    ];

    private static AuditFact Site(string package, string framework, string start, string build, string output, string develop = "x") =>
        new AuditFact($"{framework}, whose start is for developers", "node", Framework: framework, Output: output, Start: "").Of(("package.json", $$$"""{"scripts":{"dev":"{{{develop}}}","start":"{{{start}}}","build":"{{{build}}}"},"devDependencies":{"{{{package}}}":"1"}}"""), (Lock, "{}"));
}
