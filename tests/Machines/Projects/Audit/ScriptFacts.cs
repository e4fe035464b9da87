namespace ProdSprint.Tests.Projects;

internal static class ScriptFacts
{
    private const string Pip = "python3 -m venv .venv && .venv/bin/python -m pip install -r requirements.txt";
    private const string Gems = "bundle config set --local path vendor/bundle && bundle install";

    public static AuditFact[] All { get; } =
    [
        new AuditFact("python main file", "python", "", Start: "python3 bot.py", Install: "").Of(("bot.py", "print(1)")),
        new AuditFact("main.py before app.py", "python", "pip", Install: Pip, Start: ".venv/bin/python main.py").Of(("requirements.txt", "requests\n"), ("app.py", ""), ("main.py", "")),
        new AuditFact("flask in the root", "python", "pip", "flask", Start: ".venv/bin/python -m gunicorn --bind 0.0.0.0:${PORT:-8000} main:app", Port: 8000).Of(("requirements.txt", "flask\ngunicorn\n"), ("main.py", "from flask import Flask\napp = Flask(__name__)\n")),
        new AuditFact("fastapi in the root", "python", "pip", "fastapi", Start: ".venv/bin/python -m uvicorn main:app --host 0.0.0.0 --port ${PORT:-8000}").Of(("requirements.txt", "fastapi\nuvicorn\n"), ("main.py", "app = FastAPI()\n")),
        new AuditFact("fasthtml", "python", "pip", "fasthtml", Start: ".venv/bin/python -m uvicorn main:app --host 0.0.0.0 --port ${PORT:-8000}").Of(("requirements.txt", "python-fasthtml\nuvicorn\n"), ("main.py", "app, rt = fast_app()\n")),
        new AuditFact("django with uv", "python", "uv", "django", Install: "uv sync --locked --no-dev --no-install-project", Build: "uv sync --locked --no-dev --no-editable", Start: ".venv/bin/python -m gunicorn --bind 0.0.0.0:${PORT:-8000} site1.wsgi:application", Version: ">=3.11").Of(
            ("pyproject.toml", "[project]\nname = \"s\"\nrequires-python = \">=3.11\"\ndependencies = [\"django\", \"gunicorn\"]\n"), ("uv.lock", ""), ("manage.py", "import django"), ("site1/settings.py", "WSGI_APPLICATION = 'site1.wsgi.application'"), ("site1/wsgi.py", "")),
        new AuditFact("streamlit", "python", "pip", "streamlit", Port: 8501).Of(("requirements.txt", "streamlit\n"), ("app.py", "import streamlit\n")),
        new AuditFact("poetry", "python", "poetry", Install: "POETRY_VIRTUALENVS_IN_PROJECT=true poetry install --no-interaction --no-ansi --only main --no-root", Version: "^3.10").Of(("pyproject.toml", "[tool.poetry]\nname = \"x\"\n[tool.poetry.dependencies]\npython = \"^3.10\"\n"), ("poetry.lock", ""), ("main.py", "")),
        new AuditFact("pdm", "python", "pdm", Install: "pdm install --check --prod --no-editable").Of(("pyproject.toml", "[project]\nname = \"x\"\ndependencies = [\"a\"]\n"), ("pdm.lock", ""), ("main.py", "")),
        new AuditFact("pipenv", "python", "pipenv", Install: "PIPENV_VENV_IN_PROJECT=1 pipenv install --deploy --ignore-pipfile", Version: "3.12").Of(("Pipfile", "[packages]\nflask = \"*\"\n[requires]\npython_version = \"3.12\"\n"), ("Pipfile.lock", "{}"), ("main.py", "")),
        new AuditFact("requirements before uv", "python", "pip").Of(("requirements.txt", "a\n"), ("pyproject.toml", "[project]\nname = \"x\"\n"), ("uv.lock", ""), ("main.py", "")),
        new AuditFact(".python-version before runtime.txt", "python", Version: "3.13").Of(("requirements.txt", "a\n"), ("main.py", ""), (".python-version", "3.13\n"), ("runtime.txt", "python-3.9.1")),
        new AuditFact("packaged command", "python", "uv", Start: ".venv/bin/python -c 'from shop.cli import main; main()'").Of(("pyproject.toml", "[project]\nname = \"shop\"\n[project.scripts]\nshop = \"shop.cli:main\"\n"), ("uv.lock", ""), ("src/shop/cli.py", "")),
        new AuditFact("pytest in a file of its own", "python", "pip", Install: Pip, Test: ".venv/bin/python -m pip install -r requirements-dev.txt && .venv/bin/python -m pytest").Of(
            ("requirements.txt", "flask\n"), ("requirements-dev.txt", "-r requirements.txt\npytest==8.3.4\n"), ("main.py", ""), ("tests/test_main.py", "")),
        new AuditFact("pytest in a dependency group", "python", "uv", Test: "uv sync --locked --no-editable --group test && .venv/bin/python -m pytest").Of(
            ("pyproject.toml", "[project]\nname = \"s\"\ndependencies = [\"flask\"]\n[dependency-groups]\ndev = [\"ruff\"]\ntest = [\"pytest>=8\"]\n"), ("uv.lock", ""), ("main.py", ""), ("tests/test_main.py", "")),
        new AuditFact("pytest in an extra", "python", "pip", Test: ".venv/bin/python -m pip install '.[test]' && .venv/bin/python -m pytest").Of(
            ("pyproject.toml", "[project]\nname = \"s\"\ndependencies = [\"flask\"]\n[project.optional-dependencies]\ntest = [\"pytest>=8\"]\n"), ("main.py", ""), ("tests/test_main.py", "")),
        new AuditFact("pytest in poetry's group", "python", "poetry", Test: "POETRY_VIRTUALENVS_IN_PROJECT=true poetry install --no-interaction --no-ansi && .venv/bin/python -m pytest").Of(
            ("pyproject.toml", "[tool.poetry]\nname = \"x\"\n[tool.poetry.dependencies]\npython = \"^3.10\"\n[tool.poetry.group.dev.dependencies]\npytest = \"^8\"\n"), ("poetry.lock", ""), ("main.py", ""), ("tests/test_main.py", "")),
        new AuditFact("pytest that nothing names", "python", "pip", Test: ".venv/bin/python -m pip install pytest && .venv/bin/python -m pytest").Of(("requirements.txt", "flask\n"), ("main.py", ""), ("tests/conftest.py", ""), ("tests/test_main.py", "")),
        new AuditFact("pytest and no test", "python", "pip", Test: "").Of(("requirements.txt", "flask\n"), ("requirements-dev.txt", "pytest\n"), ("main.py", "")),
        new AuditFact("rails", "ruby", "bundler", "rails", Version: "3.3.0", Install: Gems, Build: "bundle exec rake assets:precompile && bundle exec bootsnap precompile app/ lib/", Start: "bundle exec bin/rails server -b 0.0.0.0 -p ${PORT:-3000} -e ${RAILS_ENV:-production}", Port: 3000).Of(
            ("Gemfile", "gem 'rails'\ngem \"sprockets-rails\"\ngem 'bootsnap'\n"), ("Gemfile.lock", ""), (".ruby-version", "ruby-3.3.0\n"), ("config/application.rb", ""), ("config.ru", ""), ("bin/rails", "")),
        new AuditFact("rack", "ruby", "bundler", "sinatra", Start: "bundle exec rackup config.ru -o 0.0.0.0 -p ${PORT:-3000}", Version: "~> 3.2").Of(("Gemfile", "ruby '~> 3.2'\ngem 'sinatra'\n"), ("Gemfile.lock", ""), ("config.ru", "run App")),
        new AuditFact("ruby before the node beside it", "ruby", Install: Gems + " && npm ci", Start: "bundle exec ruby app.rb").Of(("Gemfile", "gem 'x'\n"), ("Gemfile.lock", ""), ("app.rb", ""), ("package.json", """{"main":"index.js","dependencies":{"x":"1"}}"""), ("package-lock.json", "{}"), ("index.js", "")),
        new AuditFact("php alone", "php", "", Start: "frankenphp php-server --listen :${PORT:-80}", Port: 80).Of(("index.php", "<?php echo 1;")),
        new AuditFact("laravel", "php", "composer", "laravel", Version: "^8.2", Install: "composer install --no-dev --optimize-autoloader --no-scripts --no-interaction && npm ci", Build: "npm run build && php artisan package:discover && php artisan event:cache && php artisan route:cache && php artisan view:cache",
            Start: "frankenphp php-server --listen :${PORT:-80} --root public").Of(("composer.json", """{"require":{"php":"^8.2","laravel/framework":"^12"}}"""), ("composer.lock", "{}"), ("artisan", ""), ("public/index.php", ""), ("package.json", """{"scripts":{"build":"vite build"},"devDependencies":{"vite":"6"}}"""), ("package-lock.json", "{}")),
        new AuditFact("symfony", "php", "composer", "symfony", Start: "frankenphp php-server --listen :${PORT:-80} --root public").Of(("composer.json", """{"require":{"symfony/framework-bundle":"7.*"}}"""), ("composer.lock", "{}"), ("public/index.php", "")),
        new AuditFact("shell", "shell", "", Start: "bash start.sh").Of(("start.sh", "#!/usr/bin/env bash\necho\n")),
        new AuditFact("shell without a first line", "shell", Start: "sh start.sh").Of(("start.sh", "echo\n")),
        new AuditFact("a site", "static", Output: ".").Of(("index.html", "<p>")),
        new AuditFact("a site in public", "static", Output: "public").Of(("public/index.html", "<p>"), ("index.html", "<p>")),
        new AuditFact("Staticfile", "static", Output: "hello").Of(("Staticfile", "root: hello\n"), ("hello/index.html", "")),
        new AuditFact("streamlit under its own name", "python", "pip", "streamlit", Start: ".venv/bin/python -m streamlit run streamlit_app.py --server.address 0.0.0.0 --server.port ${PORT:-8501}").Of(("requirements.txt", "streamlit\n"), ("app.py", "print(1)\n"), ("streamlit_app.py", "import streamlit as st\n"), ("pages/one.py", "import streamlit as st\n")),
        new AuditFact("streamlit under another name", "python", "pip", "streamlit", Start: ".venv/bin/python -m streamlit run forecast.py --server.address 0.0.0.0 --server.port ${PORT:-8501}").Of(("requirements.txt", "streamlit\n"), ("model.py", "x = 1\n"), ("forecast.py", "import pandas\nimport streamlit as st\n")),
        new AuditFact("pdm's start script", "python", "pdm", "fastapi", Start: ".venv/bin/python -m uvicorn shop.web:make --factory --port $PORT", Port: 8000).Of(("pyproject.toml", "[project]\nname = \"x\"\ndependencies = [\"fastapi\"]\n[tool.pdm.scripts]\nstart = { cmd = \"uvicorn shop.web:make --factory --port $PORT\" }\n"), ("pdm.lock", ""), ("main.py", "")),
        new AuditFact("member of a uv workspace", "python", "uv", Install: "UV_PROJECT_ENVIRONMENT=\"$PWD/.venv\" uv sync --locked --no-dev --no-install-project", Build: "UV_PROJECT_ENVIRONMENT=\"$PWD/.venv\" uv sync --locked --no-dev --no-editable", Start: ".venv/bin/python main.py", Path: "apps/api").Of(
            ("pyproject.toml", "[tool.uv.workspace]\nmembers = [\"apps/*\", \"libs/*\"]\n"), ("uv.lock", ""), ("apps/api/pyproject.toml", "[project]\nname = \"api\"\ndependencies = [\"core\"]\n[tool.uv.sources]\ncore = { workspace = true }\n"), ("apps/api/main.py", ""), ("libs/core/pyproject.toml", "[project]\nname = \"core\"\n")),
    ];
}
