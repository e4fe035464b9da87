using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>Ruby: each folder with a Gemfile. Rails, then script/server, then a rack application, then app.rb; order as Railpack's.</summary>
public sealed partial class RubyDetector : IServiceDetector
{
    private static readonly string[] MainFiles = ["app.rb", "main.rb", "server.rb"];

    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        foreach (var gemfile in context.Files.Named("Gemfile"))
            if (context.Files.Manifest(gemfile.Path) is { } text) yield return Draft(gemfile.Path, text, context);
    }

    private static ServiceDraft Draft(string gemfile, string text, AuditContext context)
    {
        var (files, folder) = (context.Files, TreePaths.DirectoryOf(gemfile));
        var locked = TreePaths.Join(folder, "Gemfile.lock");
        var draft = new ServiceDraft("ruby", folder, gemfile) { PackageManager = new("bundler", gemfile), Version = Version(folder, gemfile, text, locked, context) };
        draft.Packages.UnionWith(Gem().Matches(text).Select(m => m.Groups[1].Value));
        foreach (Match gem in LockedGem().Matches(files.Manifest(locked) ?? "")) draft.Packages.Add(gem.Groups[1].Value);
        var node = NodeAssets.Of(folder, context);
        // gems in the service's own folder belong to the artifact; the machine's gems do not
        draft.Install = draft.Command("bundle config set --local path vendor/bundle && bundle install" + (node is null ? "" : $" && {node.Install}"), "Gemfile");
        if (!files.HasFile(locked)) LockFiles.Missing(gemfile, "Gemfile.lock", "bundle lock", context);
        var rails = files.Has(folder, "config/application.rb");
        draft.Framework = rails ? "rails" : new[] { "hanami", "sinatra", "grape", "roda", "padrino" }.FirstOrDefault(draft.Packages.Contains) ?? (files.Has(folder, "config.ru") ? "rack" : null);
        var steps = new List<string>();
        if (node?.Build is { } assets) steps.Add(assets);
        if (rails && (draft.Packages.Contains("sprockets") || draft.Packages.Contains("sprockets-rails") || draft.Packages.Contains("propshaft"))) steps.Add("bundle exec rake assets:precompile");
        if (rails && draft.Packages.Contains("bootsnap")) steps.Add("bundle exec bootsnap precompile app/ lib/");
        if (steps.Count > 0) draft.Build = draft.Command(string.Join(" && ", steps), rails ? "rule: rails" : "package.json scripts.build");
        Start(draft, rails, files);
        var migrations = TreePaths.Join(folder, "db/migrate");
        if (rails && files.In(migrations).Count is > 0 and var count) draft.Migrations.Add(new("rails", migrations, count, draft.Command("bundle exec bin/rails db:migrate", "rule: rails")));
        if (files.HasDirectory(TreePaths.Join(folder, "spec")) && draft.Packages.Contains("rspec") | draft.Packages.Contains("rspec-rails"))
            (draft.Test, draft.TestRunner) = (draft.Command("bundle exec rspec", "spec"), "rspec");
        else if (files.HasDirectory(TreePaths.Join(folder, "test"))) (draft.Test, draft.TestRunner) = (draft.Command(rails ? "bundle exec bin/rails test" : "bundle exec rake test", "test"), "minitest");
        return draft;
    }

    /// <summary>Rack since version 3 has no "rackup" of its own, and that one knows neither Unicorn nor Passenger: the server that the Gemfile names is started by itself.</summary>
    private static readonly (string Gem, string Line)[] RackServers =
    [
        ("puma", "puma -p ${PORT:-3000}"), ("falcon", "falcon serve --bind http://0.0.0.0:${PORT:-3000}"), ("unicorn", "unicorn -o 0.0.0.0 -p ${PORT:-3000}"),
        ("passenger", "passenger start --address 0.0.0.0 --port ${PORT:-3000}"), ("thin", "thin start -R config.ru -a 0.0.0.0 -p ${PORT:-3000}"), ("rackup", "rackup config.ru -o 0.0.0.0 -p ${PORT:-3000}"),
    ];

    /// <summary>A file that declares a function is started by the framework, which listens.</summary>
    private static string? FunctionStart(string folder, ServiceDraft draft, RepositoryFiles files) =>
        draft.Packages.Contains("functions_framework") && files.Has(folder, "app.rb") && RubyFunction().Match(files.Manifest(TreePaths.Join(folder, "app.rb")) ?? "") is { Success: true } function
            ? $"bundle exec functions-framework-ruby --source=app.rb --target={function.Groups[1].Value} --port=${{PORT:-8080}}" : null;

    private static void Site(ServiceDraft draft, string framework, string build, string output)
    {
        (draft.Framework, draft.Kind, draft.Output) = (framework, ServiceKind.Static, TreePaths.Resolve(draft.Directory, output));
        draft.Build = draft.Command(build, $"rule: {framework}");
    }

    private static void Start(ServiceDraft draft, bool rails, RepositoryFiles files)
    {
        var folder = draft.Directory;
        var gem = files.In(folder).Any(f => f.Path.EndsWith(".gemspec", StringComparison.Ordinal));
        if ((draft.Packages.Contains("jekyll") || draft.Packages.Contains("github-pages")) && !gem && files.Has(folder, "_config.yml"))
            Site(draft, "jekyll", "JEKYLL_ENV=production bundle exec jekyll build", JekyllOutput().Match(files.Manifest(TreePaths.Join(folder, "_config.yml")) ?? "") is { Success: true } match ? match.Groups[1].Value : "_site");
        else if (draft.Packages.Contains("middleman") && files.Has(folder, "config.rb")) Site(draft, "middleman", "bundle exec middleman build", "build");
        else if (rails) Web(draft, "bundle exec bin/rails server -b 0.0.0.0 -p ${PORT:-3000} -e ${RAILS_ENV:-production}", "rule: rails");
        else if (files.Has(folder, "config/environment.rb") && files.HasDirectory(TreePaths.Join(folder, "script"))) Web(draft, "bundle exec ruby script/server -b 0.0.0.0 -p ${PORT:-3000}", "rule: config/environment.rb");
        else if (files.Has(folder, "config.ru"))
        {
            var server = RackServers.First(s => s.Gem == "rackup" || draft.Packages.Contains(s.Gem));
            Web(draft, $"bundle exec {server.Line}{(server.Gem == "unicorn" && files.Has(folder, "config/unicorn.rb") ? " -c config/unicorn.rb" : "")}", $"rule: config.ru with {server.Gem}");
        }
        else if (FunctionStart(folder, draft, files) is { } function)
        {
            Web(draft, function, "rule: functions_framework");
            draft.Port = new(8080, "PORT", "rule: functions_framework");
        }
        else if (MainFiles.FirstOrDefault(m => files.Has(folder, m)) is { } main) draft.Start = draft.Command($"bundle exec ruby {main}", $"file {main}");
        // the default task of a gem's Rakefile runs its tests
        else if (files.Has(folder, "Rakefile") && !gem) draft.Start = draft.Command("bundle exec rake", "file Rakefile");
    }

    private static void Web(ServiceDraft draft, string line, string source)
    {
        draft.Start = draft.Command(line, source);
        (draft.Kind, draft.Port) = (ServiceKind.Web, new(3000, "PORT", source));
    }

    private static Sourced? Version(string folder, string gemfile, string text, string locked, AuditContext context)
    {
        if (ToolVersions.FromFile(folder, context, ".ruby-version") is { } file) return file with { Value = file.Value.Replace("ruby-", "") };
        if (RubyVersion().Match(text) is { Success: true } asked) return new(asked.Groups[1].Value, gemfile);
        if (ToolVersions.Of(folder, "ruby", "ruby", context) is { } tool) return tool;
        return LockedRuby().Match(context.Files.Manifest(locked) ?? "") is { Success: true } used ? new(used.Groups[1].Value, locked) : null;
    }

    [GeneratedRegex(@"^\s*gem\s*\(?\s*['""]([\w.-]+)['""]", RegexOptions.Multiline)]
    private static partial Regex Gem();

    [GeneratedRegex(@"^ {4}([\w.-]+) \(", RegexOptions.Multiline)]
    private static partial Regex LockedGem();

    [GeneratedRegex(@"^\s*ruby\s*\(?\s*['""]([^'""]{1,30})['""]", RegexOptions.Multiline)]
    private static partial Regex RubyVersion();

    [GeneratedRegex(@"^destination:\s*['""]?([\w./-]+)", RegexOptions.Multiline)]
    private static partial Regex JekyllOutput();

    [GeneratedRegex(@"FunctionsFramework\.http\s*\(?\s*['""]([\w-]+)['""]")]
    private static partial Regex RubyFunction();

    [GeneratedRegex(@"^RUBY VERSION\s+ruby (\d[\d.]*)", RegexOptions.Multiline)]
    private static partial Regex LockedRuby();
}
