namespace ProdSprint.Tests.Projects;

internal static class NodeFacts
{
    private const string Vite = """{"scripts":{"build":"vite build"},"devDependencies":{"vite":"6"}}""";

    public static AuditFact[] All { get; } =
    [
        new AuditFact("npm with a lock file", "node", "npm", "express", Install: "npm ci", Start: "node a.js", Port: 3000).Of(("package.json", """{"scripts":{"start":"node a.js"},"dependencies":{"express":"5"}}"""), ("package-lock.json", "{}"), ("a.js", "app.listen(process.env.PORT)")),
        new AuditFact("pnpm before yarn", "node", "pnpm", Install: "pnpm install --frozen-lockfile").Of(("package.json", """{"main":"a.js","dependencies":{"x":"1"}}"""), ("a.js", ""), ("pnpm-lock.yaml", ""), ("yarn.lock", "")),
        new AuditFact("packageManager before lock files", "node", "pnpm").Of(("package.json", """{"main":"a.js","packageManager":"pnpm@9.0.0","dependencies":{"x":"1"}}"""), ("a.js", ""), ("yarn.lock", "")),
        new AuditFact("yarn 1", "node", "yarn", Install: "yarn install --frozen-lockfile").Of(("package.json", """{"main":"a.js","dependencies":{"x":"1"}}"""), ("a.js", ""), ("yarn.lock", "# yarn lockfile v1\n")),
        new AuditFact("yarn berry", "node", "yarn-berry", Install: "yarn install --immutable").Of(("package.json", """{"main":"a.js","packageManager":"yarn@4.1.0","dependencies":{"x":"1"}}"""), ("a.js", ""), ("yarn.lock", "__metadata:\n")),
        new AuditFact("bun", "node", "bun", Install: "bun install --frozen-lockfile", Start: "bun index.ts").Of(("package.json", """{"dependencies":{"x":"1"}}"""), ("index.ts", ""), ("bun.lock", "{}")),
        new AuditFact("engines name the manager", "node", "bun").Of(("package.json", """{"engines":{"bun":"1"},"main":"a.js","dependencies":{"x":"1"}}"""), ("a.js", "")),
        new AuditFact("package.json5", "node", "pnpm", Start: "node main.js", Version: "22").Of(("package.json5", "// ours\n{ name: 'x', engines: { node: '22' }, scripts: { start: 'node main.js', }, }"), ("main.js", ""), ("pnpm-lock.yaml", "")),
        new AuditFact("engines before .nvmrc", "node", Version: "20.x").Of(("package.json", """{"engines":{"node":"20.x"},"main":"a.js"}"""), ("a.js", ""), (".nvmrc", "18")),
        new AuditFact(".nvmrc before .node-version", "node", Version: "18").Of(("package.json", """{"main":"a.js"}"""), ("a.js", ""), (".nvmrc", "v18"), (".node-version", "16")),
        new AuditFact("mise.toml table", "node", Version: "22").Of(("package.json", """{"main":"a.js"}"""), ("a.js", ""), ("mise.toml", "[tools]\nnode = { version = \"22\" }\n")),
        new AuditFact("next", "node", Framework: "next", Build: "npm run build", Start: "npx --no-install next start", Port: 3000).Of(("package.json", """{"scripts":{"build":"next build"},"dependencies":{"next":"15"}}"""), ("package-lock.json", "{}")),
        new AuditFact("next export", "node", Framework: "next", Output: "out", Start: "").Of(("package.json", """{"scripts":{"build":"next build","start":"next start"},"dependencies":{"next":"15"}}"""), ("package-lock.json", "{}"), ("next.config.mjs", "export default { output: 'export' }")),
        new AuditFact("nuxt", "node", Framework: "nuxt", Start: "node .output/server/index.mjs").Of(("package.json", """{"scripts":{"build":"nuxt build"},"dependencies":{"nuxt":"3"}}"""), ("package-lock.json", "{}")),
        new AuditFact("remix", "node", Framework: "remix", Start: "npm run start").Of(("package.json", """{"scripts":{"build":"remix build","start":"remix-serve build/server/index.js"},"dependencies":{"@remix-run/node":"2"}}"""), ("package-lock.json", "{}")),
        new AuditFact("vite", "node", Framework: "vite", Output: "dist", Start: "").Of(("package.json", Vite), ("package-lock.json", "{}")),
        new AuditFact("vite with its preview as start", "node", Framework: "vite", Output: "dist", Start: "").Of(("package.json", Vite.Replace("\"build\"", "\"start\":\"vite preview\",\"build\"")), ("package-lock.json", "{}")),
        new AuditFact("vite outDir", "node", Output: "public/app").Of(("package.json", Vite), ("package-lock.json", "{}"), ("vite.config.ts", "export default { build: { outDir: 'public/app' } }")),
        new AuditFact("react router as a site", "node", Framework: "react-router", Output: "build/client", Start: "").Of(("package.json", """{"scripts":{"build":"react-router build","start":"react-router-serve ./build/server/index.js"},"dependencies":{"@react-router/serve":"7"}}"""), ("package-lock.json", "{}"), ("react-router.config.ts", "export default { ssr: false }")),
        new AuditFact("react router with a server", "node", Framework: "react-router", Start: "npm run start").Of(("package.json", """{"scripts":{"build":"react-router build","start":"react-router-serve ./build/server/index.js"},"dependencies":{"@react-router/serve":"7"}}"""), ("package-lock.json", "{}")),
        new AuditFact("astro", "node", Framework: "astro", Output: "dist").Of(("package.json", """{"scripts":{"build":"astro build"},"dependencies":{"astro":"5"}}"""), ("package-lock.json", "{}")),
        new AuditFact("astro with a server", "node", Framework: "astro", Start: "node ./dist/server/entry.mjs").Of(("package.json", """{"scripts":{"build":"astro build"},"dependencies":{"astro":"5","@astrojs/node":"9"}}"""), ("package-lock.json", "{}"), ("astro.config.mjs", "export default { output: 'server' }")),
        new AuditFact("create-react-app", "node", Framework: "create-react-app", Output: "build").Of(("package.json", """{"scripts":{"build":"react-scripts build","start":"react-scripts start"},"dependencies":{"react-scripts":"5"}}"""), ("package-lock.json", "{}")),
        new AuditFact("angular", "node", Framework: "angular", Output: "dist/shop/browser").Of(("package.json", """{"scripts":{"build":"ng build","start":"ng serve"},"dependencies":{"@angular/core":"19"}}"""), ("package-lock.json", "{}"),
            ("angular.json", """{"projects":{"shop":{"architect":{"build":{"builder":"@angular-devkit/build-angular:application","options":{"browser":"src/main.ts","outputPath":"dist/shop"}}}}}}""")),
        new AuditFact("svelte-kit that adapts by itself", "node", Framework: "sveltekit", Build: "GCP_BUILDPACKS=true npm run build", Start: "node build").Of(("package.json", """{"scripts":{"build":"vite build"},"devDependencies":{"@sveltejs/kit":"2","@sveltejs/adapter-auto":"4","vite":"6"}}"""), ("package-lock.json", "{}")),
        new AuditFact("svelte-kit as a site", "node", Framework: "sveltekit", Output: "build").Of(("package.json", """{"scripts":{"build":"vite build"},"devDependencies":{"@sveltejs/kit":"2","@sveltejs/adapter-static":"3","vite":"6"}}"""), ("package-lock.json", "{}")),
        new AuditFact("tanstack start", "node", Framework: "tanstack-start", Start: "npx srvx --prod -s ../client dist/server/server.js").Of(("package.json", """{"scripts":{"build":"vite build"},"dependencies":{"@tanstack/react-start":"1"},"devDependencies":{"vite":"6"}}"""), ("package-lock.json", "{}")),
        new AuditFact("tanstack start with nitro", "node", Start: "node .output/server/index.mjs").Of(("package.json", """{"scripts":{"build":"vite build"},"dependencies":{"@tanstack/react-start":"1","nitro":"3"}}"""), ("package-lock.json", "{}")),
        new AuditFact("expo", "node", Framework: "expo", Output: "dist").Of(("package.json", """{"scripts":{"build":"expo export -p web"},"dependencies":{"expo":"52"}}"""), ("package-lock.json", "{}")),
        new AuditFact("nest", "node", Framework: "nest", Start: "node dist/main").Of(("package.json", """{"scripts":{"build":"nest build","start:prod":"node dist/main"},"dependencies":{"@nestjs/core":"11"}}"""), ("package-lock.json", "{}")),
        new AuditFact("nx without scripts", "node", Framework: "next", Build: "npx --no-install nx build @o/web", Path: "apps/web").Of(("package.json", """{"workspaces":["apps/*"],"devDependencies":{"nx":"20"}}"""), ("nx.json", "{}"), ("package-lock.json", "{}"), ("apps/web/package.json", """{"name":"@o/web","private":true,"dependencies":{"next":"15"}}""")),
        new AuditFact("workspace member after what it needs", "node", Install: "npm ci", Build: "npm run build --workspace=@o/lib && npm run build --workspace=@o/api", Path: "apps/api").Of(("package.json", """{"workspaces":["apps/*","libs/*"],"scripts":{"start":"turbo start"}}"""), ("package-lock.json", "{}"),
            ("apps/api/package.json", """{"name":"@o/api","scripts":{"build":"tsc","start":"node dist/a.js"},"dependencies":{"@o/lib":"*"}}"""), ("libs/lib/package.json", """{"name":"@o/lib","scripts":{"build":"tsc"},"files":["dist"]}""")),
        new AuditFact("deno", "deno", "deno", Build: "deno cache main.ts", Start: "deno run --allow-all main.ts").Of(("deno.json", "{}"), ("main.ts", "Deno.serve(() => new Response())")),
        new AuditFact("deno's own start task", "deno", Start: "deno task start", Version: "2.1").Of(("deno.jsonc", """{ /* x */ "tasks": { "start": "deno run --allow-net main.ts" } }"""), ("main.ts", ""), (".deno-version", "2.1")),
        new AuditFact("deno's start task that watches", "deno", Start: "deno run --allow-all main.ts").Of(("deno.json", """{"tasks":{"start":"deno run --watch main.ts"}}"""), ("main.ts", "")),
    ];
}
