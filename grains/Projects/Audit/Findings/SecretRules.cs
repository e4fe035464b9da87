using System.Buffers;
using System.Text.RegularExpressions;
using ProdSprint.Identity;

namespace ProdSprint.Projects;

/// <summary>One kind of credential: a literal that each of them has, and the expression that is sure. What it finds is never kept, printed or hashed.</summary>
public sealed record SecretRule(string Id, string What, string[] Marks, Func<Regex> Pattern);

/// <summary>The credentials that are known by how they look. Places, not values: a finding is a rule, a path and a line.</summary>
public static partial class SecretRules
{
    private static readonly SecretRule[] All =
    [
        new("private-key", "a private key", ["PRIVATE KEY-----"], PrivateKey),
        new("aws-access-key", "an AWS access key", ["AKIA", "ASIA"], Aws),
        new("github-token", "a GitHub token", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"], GitHub),
        new("gitlab-token", "a GitLab token", ["glpat-"], GitLab),
        new("slack-token", "a Slack token", ["xoxb-", "xoxa-", "xoxp-", "xoxr-", "xoxs-", "hooks.slack.com/services/"], Slack),
        new("stripe-key", "a live Stripe key", ["sk_live_", "rk_live_"], Stripe),
        new("google-api-key", "a Google API key", ["AIza"], Google),
        new("npm-token", "an npm token", ["npm_"], Npm),
        new("pypi-token", "a PyPI token", ["pypi-AgEIcHlwaS5vcmc"], PyPi),
        new("sendgrid-key", "a SendGrid key", ["SG."], SendGrid),
        new("openai-key", "an OpenAI key", ["T3BlbkFJ"], OpenAi),
        new("anthropic-key", "an Anthropic key", ["sk-ant-"], Anthropic),
        new("digitalocean-token", "a DigitalOcean token", ["dop_v1_"], DigitalOcean),
        new("prodsprint-token", "a ProdSprint token", [TokenFormat.Personal, TokenFormat.Service], ProdSprintToken),
        new("azure-storage-key", "an Azure storage key", ["AccountKey="], Azure),
        new("password-in-url", "a password in a connection string", ["postgres://", "postgresql://", "mysql://", "mongodb://", "mongodb+srv://", "redis://", "rediss://", "amqp://", "amqps://"], Url),
    ];

    private static readonly SearchValues<string> AnyMark = SearchValues.Create([.. All.SelectMany(r => r.Marks)], StringComparison.Ordinal);

    /// <summary>Words that stand where a value would be: documentation and templates, not credentials.</summary>
    private static readonly SearchValues<string> Placeholder = SearchValues.Create(
        ["example", "changeme", "change_me", "change-me", "your", "placeholder", "xxxx", "****", "....", "<", "${", "{{", "$(", "%s", "todo", "dummy", "sample", "redacted", "0000000000", "1234567890", "abcdefgh"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Values that everyone's local database has: no secret is lost with them.</summary>
    private static readonly HashSet<string> Local = new(StringComparer.OrdinalIgnoreCase) { "postgres", "password", "pass", "root", "admin", "user", "guest", "secret", "test", "dev", "local", "mysql", "mongo", "redis", "rabbitmq", "docker", "example", "app", "demo", "postgresql" };

    public static string Describe(string id) => All.First(r => r.Id == id).What;

    public static bool MayHold(ReadOnlySpan<char> text) => text.ContainsAny(AnyMark);

    public static IEnumerable<(SecretRule Rule, int Index)> Find(string text)
    {
        if (!MayHold(text)) yield break;
        foreach (var rule in All)
        {
            if (!Array.Exists(rule.Marks, m => text.Contains(m, StringComparison.Ordinal))) continue;
            foreach (Match match in rule.Pattern().Matches(text))
                if (!IsPlaceholder(rule, match)) yield return (rule, match.Index);
        }
    }

    private static bool IsPlaceholder(SecretRule rule, Match match) => rule.Id switch
    {
        "private-key" => false,
        "prodsprint-token" => !TokenFormat.IsWhole(match.ValueSpan),
        "password-in-url" => match.Groups["password"].Value is var password && (Local.Contains(password) || password == match.Groups["user"].Value || password[0] is '$' or '{' or '%' or ':' || password.AsSpan().ContainsAny(Placeholder) || IsHere(match.Groups["host"].Value)),
        _ => match.ValueSpan.ContainsAny(Placeholder) || match.ValueSpan.ToString().Distinct().Count() < 8,
    };

    /// <summary>A name without a dot is a container or this machine: reachable by nobody who only has the repository.</summary>
    private static bool IsHere(string host) => !host.Contains('.') || host.StartsWith("127.", StringComparison.Ordinal) || host.StartsWith("0.0.0.0", StringComparison.Ordinal) || host.EndsWith(".local", StringComparison.Ordinal) || host.EndsWith(".internal", StringComparison.Ordinal);

    [GeneratedRegex(@"-----BEGIN (?:RSA |EC |DSA |OPENSSH |PGP |ENCRYPTED )?PRIVATE KEY-----(?:\\n|\s)+[A-Za-z0-9+/=:, -]{20}")]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")]
    private static partial Regex Aws();

    [GeneratedRegex(@"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})")]
    private static partial Regex GitHub();

    [GeneratedRegex(@"\bglpat-[\w-]{20,}")]
    private static partial Regex GitLab();

    [GeneratedRegex(@"\bxox[baprs]-[A-Za-z0-9-]{20,}|hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{20,}")]
    private static partial Regex Slack();

    [GeneratedRegex(@"\b[sr]k_live_[0-9A-Za-z]{20,}")]
    private static partial Regex Stripe();

    [GeneratedRegex(@"\bAIza[0-9A-Za-z_-]{35}\b")]
    private static partial Regex Google();

    [GeneratedRegex(@"\bnpm_[A-Za-z0-9]{36}\b")]
    private static partial Regex Npm();

    [GeneratedRegex(@"\bpypi-AgEIcHlwaS5vcmc[\w-]{50,}")]
    private static partial Regex PyPi();

    [GeneratedRegex(@"\bSG\.[\w-]{20,24}\.[\w-]{40,46}\b")]
    private static partial Regex SendGrid();

    [GeneratedRegex(@"\bsk-[\w-]{10,}T3BlbkFJ[\w-]{10,}")]
    private static partial Regex OpenAi();

    [GeneratedRegex(@"\bsk-ant-[\w-]{40,}")]
    private static partial Regex Anthropic();

    [GeneratedRegex(@"\bdop_v1_[a-f0-9]{64}\b")]
    private static partial Regex DigitalOcean();

    [GeneratedRegex(@"\bps[ps]_[0-9A-Za-z]{42}\b")]
    private static partial Regex ProdSprintToken();

    [GeneratedRegex(@"AccountKey=[A-Za-z0-9+/]{86}==")]
    private static partial Regex Azure();

    [GeneratedRegex(@"\b(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|rediss?|amqps?)://(?<user>[^\s:/@'""`]{0,60}):(?<password>[^\s/@'""`]{3,120})@(?<host>[^\s/:?'""`,)]{1,120})")]
    private static partial Regex Url();
}
