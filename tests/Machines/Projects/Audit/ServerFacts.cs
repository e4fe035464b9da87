namespace ProdSprint.Tests.Projects;

/// <summary>Programs whose server, environment or function framework decides how they start.</summary>
internal static class ServerFacts
{
    private const string Rack = "run App", War = "plugins {\n    id 'war'\n}\ndependencies { providedCompile 'jakarta.platform:jakarta.jakartaee-api:10.0.0' }\n";

    public static AuditFact[] All { get; } =
    [
        new AuditFact("puma", "ruby", Start: "bundle exec puma -p ${PORT:-3000}", Port: 3000).Of(("Gemfile", "gem 'sinatra'\ngem 'puma'\n"), ("Gemfile.lock", ""), ("config.ru", Rack)),
        new AuditFact("unicorn with its configuration", "ruby", Start: "bundle exec unicorn -o 0.0.0.0 -p ${PORT:-3000} -c config/unicorn.rb").Of(("Gemfile", "gem 'unicorn'\n"), ("Gemfile.lock", ""), ("config.ru", Rack), ("config/unicorn.rb", "")),
        new AuditFact("passenger", "ruby", Start: "bundle exec passenger start --address 0.0.0.0 --port ${PORT:-3000}").Of(("Gemfile", "gem 'passenger'\n"), ("Gemfile.lock", ""), ("config.ru", Rack)),
        new AuditFact("thin", "ruby", Start: "bundle exec thin start -R config.ru -a 0.0.0.0 -p ${PORT:-3000}").Of(("Gemfile", "gem 'thin'\n"), ("Gemfile.lock", ""), ("config.ru", Rack)),
        new AuditFact("rackup where no server is named", "ruby", Start: "bundle exec rackup config.ru -o 0.0.0.0 -p ${PORT:-3000}").Of(("Gemfile", "gem 'rackup'\ngem 'webrick'\n"), ("Gemfile.lock", ""), ("config.ru", Rack)),
        new AuditFact("a function in Ruby", "ruby", Start: "bundle exec functions-framework-ruby --source=app.rb --target=hello --port=${PORT:-8080}", Port: 8080).Of(("Gemfile", "gem \"functions_framework\"\n"), ("Gemfile.lock", ""), ("app.rb", "FunctionsFramework.http(\"hello\") do |request|\nend\n")),
        new AuditFact("a function in Python", "python", Start: ".venv/bin/python -m functions_framework --source main.py --target hello --port ${PORT:-8080}", Port: 8080).Of(("requirements.txt", "functions-framework==3.8.1\n"), ("main.py", "def hello(request):\n    return 'x'\n\ndef helper(a):\n    return a\n")),
        new AuditFact("conda", "python", "conda", "flask", "3.9", Install: "conda env create --prefix .venv --file environment.yml", Start: ".venv/bin/python -m flask --app app:app run --host 0.0.0.0 --port ${PORT:-8000}").Of(("environment.yml", "dependencies:\n- python=3.9\n- conda-forge::flask=2.0.2\n"), ("app.py", "app = Flask(__name__)\n")),
        new AuditFact("a port as a name", "python", Start: "python3 server.py", Port: 8080).Of(("server.py", "import socketserver\nPORT = 8080\nhttpd = socketserver.TCPServer((\"\", PORT), Handler)\nhttpd.serve_forever()\n")),
        new AuditFact("an application made elsewhere", "python", "pip", "fastapi", Start: ".venv/bin/python -m uvicorn app:app --host 0.0.0.0 --port ${PORT:-8000}").Of(("requirements.txt", "fastapi==0.115.0\nuvicorn==0.34.0\n"), ("app.py", "from gateway import server\n\napp = server.app\n")),
        new AuditFact("a Procfile that migrates first", "python", Start: ".venv/bin/python manage.py migrate && .venv/bin/python -m gunicorn shop.wsgi").Of(("requirements.txt", "django==5.1\ngunicorn==23.0.0\n"), ("manage.py", "import django"), ("shop/wsgi.py", ""), ("Procfile", "web: python manage.py migrate && gunicorn shop.wsgi\n")),
        new AuditFact("celery alone", "python", "pip", Start: ".venv/bin/python -m celery -A shop.queue:jobs worker --loglevel INFO").Of(("requirements.txt", "celery==5.4.0\n"), ("shop/__init__.py", ""), ("shop/queue.py", "jobs = Celery('shop')\n")),
        new AuditFact("a Procfile's program names its own port", "python", Start: ".venv/bin/python app.py", Port: 9090).Of(("requirements.txt", "flask==3.1.0\n"), ("app.py", "app = Flask(__name__)\nport = int(os.getenv('PORT', 9090))\n"), ("Procfile", "web: python app.py\n")),
        new AuditFact("fastapi that comes along with something else", "python", "poetry", "fastapi", Start: ".venv/bin/python -m uvicorn app.server:app --host 0.0.0.0 --port ${PORT:-8000}").Of(
            ("pyproject.toml", "[tool.poetry]\nname = \"x\"\n[tool.poetry.dependencies]\npython = \"^3.11\"\nuvicorn = \"^0.23\"\nlangserve = \"^0.0.41\"\n"), ("poetry.lock", ""), ("app/__init__.py", ""), ("app/server.py", "app = FastAPI()\n")),
        new AuditFact("swifter", "swift", Port: 8080).Of(("Package.swift", "let package = Package(name: \"Shop\", targets: [.target(name: \"Shop\", path: \"./Sources\")])"), ("Sources/main.swift", "let server = HttpServer()\ntry server.start(8080, forceIPv4: true)\n")),
        new AuditFact("beego", "go", Framework: "beego", Start: "./out", Port: 8080).Of(("go.mod", "module x\nrequire github.com/beego/beego/v2 v2.1.0\n"), ("go.sum", ""), ("main.go", "package main\nimport beego \"github.com/beego/beego/v2/server/web\"\nfunc main() { beego.Run() }\n")),
        new AuditFact("an address as a name", "go", Port: 50051).Of(("go.mod", "module x\n"), ("main.go", "package main\nfunc main() {\n\tconst addr = \"0.0.0.0:50051\"\n\tlistener, err := net.Listen(\"tcp\", addr)\n}\n")),
        new AuditFact("a war of maven's", "java", "maven", Start: "", Port: 8080).Of(("pom.xml", "<project><artifactId>a</artifactId><packaging>war</packaging></project>")),
        new AuditFact("laravel mix", "php", Build: "npm run production && php artisan package:discover && php artisan event:cache && php artisan route:cache && php artisan view:cache").Of(
            ("composer.json", """{"require":{"laravel/framework":"^10"}}"""), ("composer.lock", "{}"), ("artisan", ""), ("public/index.php", ""), ("package.json", """{"scripts":{"dev":"npm run development","production":"mix --production"},"devDependencies":{"laravel-mix":"6"}}"""), ("package-lock.json", "{}")),
        new AuditFact("published .NET", "dotnet", Framework: "aspnet", Version: "8.0", Start: "dotnet shop.dll", Port: 8080).Of(("shop.dll", "x"), ("shop.runtimeconfig.json", """{"runtimeOptions":{"tfm":"net8.0","frameworks":[{"name":"Microsoft.AspNetCore.App","version":"8.0.0"}]}}""")),
        new AuditFact("an unpacked jar", "java", Framework: "spring-boot", Start: "java -Dserver.port=${PORT:-8080} $JAVA_OPTS -cp . org.springframework.boot.loader.launch.JarLauncher", Port: 8080).Of(
            ("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nMain-Class: org.springframework.boot.loader.launch.JarLauncher\nSpring-Boot-Version: 3.3.2\n"), ("META-INF/maven/io/demo/pom.xml", "<project><groupId>io</groupId><artifactId>demo</artifactId><version>1</version></project>")),
        new AuditFact("a war without its container", "java", "gradle", Start: "", Build: "gradle clean build -x check -x test -Pproduction").Of(("build.gradle", War), ("settings.gradle", "rootProject.name = 'w'\n")),
        new AuditFact("ratpack", "java", Framework: "ratpack", Start: "./build/install/*/bin/*", Port: 5050).Of(("build.gradle", "apply plugin: \"io.ratpack.ratpack-groovy\"\n")),
        new AuditFact("a site that Gradle builds", "java", Framework: "spring-boot").Of(("build.gradle", "plugins { id 'org.springframework.boot' version '3.4.1' }\ntasks.register('web', Exec) { inputs.file(file(\"frontend/package.json\")); commandLine 'npm', 'ci' }\n"), ("frontend/package.json", """{"scripts":{"build":"vite build"},"devDependencies":{"vite":"6"}}"""), ("frontend/package-lock.json", "{}")),
        new AuditFact("clojure with an alias for the jar", "clojure", "clojure", Build: "clojure -X:uberjar", Start: "java $JAVA_OPTS -jar target/demo.jar").Of(("deps.edn", "{:deps {ring/ring-core {:mvn/version \"1.13.0\"}}\n :aliases {:uberjar {:replace-deps {x/y {:mvn/version \"2\"}} :exec-fn hf.depstar/uberjar :exec-args {:jar \"target/demo.jar\"}}}}")),
        new AuditFact("cmake with vcpkg", "cpp", "cmake", Build: "cmake -B build -GNinja -DCMAKE_TOOLCHAIN_FILE=$VCPKG_ROOT/scripts/buildsystems/vcpkg.cmake && cmake --build build").Of(("CMakeLists.txt", "project(x)\nadd_executable(x main.cc)\n"), ("main.cc", ""), ("vcpkg.json", "{}")),
    ];
}
