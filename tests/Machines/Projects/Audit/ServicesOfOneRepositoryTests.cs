using ProdSprint.Plans;
using ProdSprint.Projects;

namespace ProdSprint.Tests.Projects;

/// <summary>Which of a repository's programs are services, of what kind, and what belongs to which.</summary>
public sealed class ServicesOfOneRepositoryTests
{
    private const string Gin = "module x/shop\n\nrequire github.com/gin-gonic/gin v1.9.0\n";

    [Fact]
    public void Run_ProcfileBesideSeveralGoPrograms_SaysWhichRunAndHow_AndIsNoServiceOfItsOwn()
    {
        const string Serves = "package main\n\nimport (\n\t\"net/http\"\n\t\"os\"\n)\n\nfunc main() { http.ListenAndServe(\":\"+os.Getenv(\"PORT\"), nil) }\n";
        var audit = Auditor.Run(MemoryTree.Of(("go.mod", "module x/shop\n"), ("Procfile", "web: bin/api serve\nmail: api mail --all\nworker: go run ./cmd/worker -n 2\ncron: supercronic tab\nrelease: bin/migrate up\n"),
            ("cmd/api/main.go", Serves), ("cmd/admin/main.go", Serves), ("cmd/worker/main.go", "package main\n\nfunc main() { select {} }\n"), ("cmd/migrate/main.go", "package main\n\nfunc main() {}\n")));

        audit.Services.Select(s => (s.Name, s.Language, s.StartCommand!.Line, s.Kind)).ShouldBe([("api", "go", "./out/api serve", ServiceKind.Web), ("worker", "go", "./out/worker -n 2", ServiceKind.Worker)]);
        audit.Gaps.ShouldContain(g => g.Code == GapCodes.ProcessUnplanned && g.Title.Contains("cron"));
        audit.Gaps.ShouldContain(g => g.Code == GapCodes.ServiceSkipped && g.Why.Contains("cmd/admin"));
        var plan = PlanBuilder.Build(audit);
        plan.Environments[0].Services.Select(s => (s.Name, s.Start!.Line)).ShouldBe([("api", "./out/api serve"), ("api-mail", "./out/api mail --all"), ("worker", "./out/worker -n 2")]);
        var api = plan.Service("production", "api")!;
        (plan.Entry, api.Migrate!.Line).ShouldBe(("api", "./out/migrate up"));
        api.Build!.Line.ShouldEndWith("-o out/migrate ./cmd/migrate");
    }

    [Fact]
    public void Run_ProcfileOfOneGoProgram_ItsOtherProcessRunsWhatWasBuilt() =>
        PlanBuilder.Build(Auditor.Run(MemoryTree.Of(("go.mod", "module x/shop\n"), ("main.go", "package main\n\nfunc main() {}\n"), ("Procfile", "web: bin/shop serve\nworker: bin/shop work\n"))))
            .Environments[0].Services.Select(s => (s.Name, s.Start!.Line)).ShouldBe([("shop", "./out serve"), ("shop-worker", "./out work")]);

    [Fact]
    public void Run_FolderWithALetterOfAnotherAlphabet_HasANameThatARegistryTakes() =>
        Auditor.Run(MemoryTree.Of(("größe/package.json", """{ "scripts": { "start": "node a.js" } }"""), ("größe/a.js", "1"))).Services.Single().Name.ShouldBe("gr-e");

    [Fact]
    public void Run_GoCommands_OnlyThoseThatServeOrStayUpAreServices()
    {
        var report = Auditor.Run(MemoryTree.Of(("go.mod", Gin),
            ("cmd/api/main.go", "package main\n\nimport \"x/shop/internal/web\"\n\nfunc main() { web.Run() }\n"),
            ("cmd/mailer/main.go", "package main\n\nimport (\n\t\"os/signal\"\n\t\"x/shop/internal/db\"\n)\n\nfunc main() { signal.Notify(nil) }\n"),
            ("cmd/migrate/main.go", "package main\n\nimport \"x/shop/internal/db\"\n\nfunc main() { db.Up() }\n"),
            ("internal/web/web.go", "package web\n\nimport (\n\t\"os\"\n\t\"github.com/gin-gonic/gin\"\n\t\"x/shop/internal/db\"\n)\n\nfunc Run() { gin.Default().Run(\":\" + os.Getenv(\"PORT\")) }\n"),
            ("internal/db/db.go", "package db\n\nimport \"os\"\n\nvar url = os.Getenv(\"DATABASE_URL\")\n")));

        report.Services.Select(s => (s.Name, s.Kind, s.Framework)).ShouldBe([("api", ServiceKind.Web, "gin"), ("mailer", ServiceKind.Worker, null)]);
        report.Services[0].Port!.Variable.ShouldBe("PORT");
        report.Services.ShouldAllBe(s => s.EnvironmentVariables.Any(v => v.Name == "DATABASE_URL"), "what a program imports is part of it");
        report.Gaps.ShouldContain(g => g.Code == GapCodes.ServiceSkipped && g.Why.Contains("cmd/migrate"));
    }

    [Fact]
    public void Run_GoClientOfGrpc_IsNoServer() =>
        Auditor.Run(MemoryTree.Of(("go.mod", "module x\n\nrequire google.golang.org/grpc v1.60.0\n"), ("main.go", "package main\n\nimport \"google.golang.org/grpc\"\n\nfunc main() { grpc.Dial(\"a\") }\n")))
            .Services.ShouldHaveSingleItem().Kind.ShouldBe(ServiceKind.Worker);

    [Fact]
    public void Run_GoReplacedByAFolder_DependsOnIt() =>
        Auditor.Run(MemoryTree.Of(("api/go.mod", "module api\n\nrequire x/lib v0.0.0\n\nreplace x/lib => ../lib\n"), ("api/main.go", "package main\n\nfunc main() {}\n"), ("lib/go.mod", "module x/lib\n"), ("lib/lib.go", "package lib\n")))
            .Services.ShouldHaveSingleItem().DependsOn.ShouldBe(["lib"]);

    [Fact]
    public void Run_PythonProjectsByPathAndWorkspace_DependOnThem()
    {
        var report = Auditor.Run(MemoryTree.Of(("a/pyproject.toml", "[project]\nname = \"a\"\ndependencies = [\"core-lib\", \"other\"]\n[tool.uv.sources]\ncore_lib = { path = \"../core\", editable = true }\n"), ("a/uv.lock", ""), ("a/main.py", ""),
            ("b/pyproject.toml", "[tool.poetry]\nname = \"b\"\n[tool.poetry.dependencies]\ncore-lib = { path = \"../core\" }\n"), ("b/poetry.lock", ""), ("b/main.py", ""), ("core/pyproject.toml", "[project]\nname = \"core-lib\"\n")));

        report.Services.Select(s => (s.Path, Needs: string.Join(",", s.DependsOn))).ShouldBe([("a", "core"), ("b", "core")]);
    }

    [Fact]
    public void Run_MigrationsInAPackageOfTheWorkspace_BelongToTheServicesThatNeedIt()
    {
        var report = Auditor.Run(MemoryTree.Of(("package.json", """{"workspaces":["apps/*","packages/*"],"devDependencies":{"turbo":"2"}}"""), ("package-lock.json", "{}"), ("turbo.json", "{}"),
            ("apps/api/package.json", """{"name":"@o/api","private":true,"scripts":{"start":"node a.js"},"dependencies":{"@o/db":"*"}}"""), ("apps/api/a.js", "app.listen(process.env.PORT)"),
            ("apps/mail/package.json", """{"name":"@o/mail","private":true,"scripts":{"start":"node a.js"}}"""), ("apps/mail/a.js", ""),
            ("packages/db/package.json", """{"name":"@o/db","private":true,"dependencies":{"pg":"8"},"devDependencies":{"prisma":"6"}}"""), ("packages/db/prisma/schema.prisma", ""), ("packages/db/prisma/migrations/1_a/migration.sql", "")));

        var migration = report.Services.Single(s => s.Name == "api").Migrations.ShouldHaveSingleItem();
        (migration.Tool, migration.Command!.Directory).ShouldBe(("prisma", "packages/db"));
        report.Services.Single(s => s.Name == "api").Needs.ShouldContain("postgres");
        report.Services.Single(s => s.Name == "mail").Migrations.ShouldBeEmpty();
    }

    [Fact]
    public void Run_ComposeWithNginxInFront_TheProxyIsNoServiceAndItsSiteIsOne()
    {
        var report = Auditor.Run(MemoryTree.Of(("compose.yml", "services:\n  api:\n    build: ./api\n  proxy:\n    build: ./proxy\n  site:\n    build: ./site\n"),
            ("api/requirements.txt", "x\n"), ("api/main.py", ""), ("api/Dockerfile", "FROM python:3.12\nUSER app\nCMD [\"python\", \"main.py\"]\n"),
            ("proxy/Dockerfile", "FROM nginx:1.27\nCOPY nginx.conf /etc/nginx/nginx.conf\nUSER nginx\nCMD [\"nginx\", \"-g\", \"daemon off;\"]\n"), ("proxy/nginx.conf", ""),
            ("site/Dockerfile", "FROM nginx:1.27\nCOPY html /usr/share/nginx/html\nUSER nginx\n"), ("site/html/index.html", "<p>")));

        report.Services.Select(s => (s.Name, s.Kind, s.OutputDirectory)).ShouldBe([("api", ServiceKind.Worker, null), ("site", ServiceKind.Static, "site/html")]);
        report.Gaps.ShouldContain(g => g.Code == GapCodes.ServiceSkipped && g.Title.StartsWith("proxy/Dockerfile"));
        report.Gaps.ShouldNotContain(g => g.Severity == GapSeverity.Blocking);
    }

    [Theory, InlineData("lambda_runtime"), InlineData("vercel_runtime")]
    public void Run_HandlersOfAPlatformOfFunctions_AreNoServices(string runtime) =>
        Auditor.Run(MemoryTree.Of(("Cargo.toml", $"[package]\nname = \"x\"\n[dependencies]\n{runtime} = \"1\"\n"), ("Cargo.lock", ""), ("src/main.rs", "fn main() {}"))).Services.ShouldBeEmpty();

    [Fact]
    public void Run_CeleryBesideAServer_ItsWorkerIsAProcessOfItsOwn()
    {
        var service = Auditor.Run(MemoryTree.Of(("requirements.txt", "flask==3.1.0\ngunicorn==23.0.0\ncelery==5.4.0\n"), ("app.py", "app = Flask(__name__)\n"), ("tasks.py", "from celery import Celery\napp = Celery('tasks')\n"))).Services.ShouldHaveSingleItem();
        service.StartCommand!.Line.ShouldBe(".venv/bin/python -m gunicorn --bind 0.0.0.0:${PORT:-8000} app:app");
        var worker = ProcfileReader.Others(service.Processes).ShouldHaveSingleItem();
        (worker.Name, worker.Command).ShouldBe(("worker", "celery -A tasks worker --loglevel INFO"));
    }
}
