using System.Text.RegularExpressions;
using Orleans.Streams;

namespace Orleans.Streams
{
    public interface IStreamNamespacePredicate
    {
        string PredicatePattern { get; }

        bool IsMatch(string? streamNamespace);
    }
}

namespace Orleans
{
    /// <summary>The grain with the stream's key receives every event of this namespace, from every provider.</summary>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public class ImplicitStreamSubscriptionAttribute : Attribute
    {
        public ImplicitStreamSubscriptionAttribute() : this(new AllNamespaces())
        {
        }

        public ImplicitStreamSubscriptionAttribute(string streamNamespace, string? streamIdMapper = null)
            : this(new ExactNamespace(streamNamespace.Trim()), streamIdMapper)
        {
        }

        public ImplicitStreamSubscriptionAttribute(Type predicateType, string? streamIdMapper = null)
            : this((IStreamNamespacePredicate)Activator.CreateInstance(predicateType)!, streamIdMapper)
        {
        }

        public ImplicitStreamSubscriptionAttribute(IStreamNamespacePredicate predicate, string? streamIdMapper = null)
        {
            Predicate = predicate;
            StreamIdMapper = streamIdMapper;
        }

        public IStreamNamespacePredicate Predicate { get; }

        public string? StreamIdMapper { get; init; }

        private sealed class ExactNamespace(string expected) : IStreamNamespacePredicate
        {
            public string PredicatePattern => $"namespace:{expected}";

            public bool IsMatch(string? streamNamespace) => string.Equals(expected, streamNamespace?.Trim(), StringComparison.Ordinal);
        }

        private sealed class AllNamespaces : IStreamNamespacePredicate
        {
            public string PredicatePattern => "*";

            public bool IsMatch(string? streamNamespace) => true;
        }
    }

    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public sealed class RegexImplicitStreamSubscriptionAttribute(string pattern)
        : ImplicitStreamSubscriptionAttribute(new RegexNamespace(pattern))
    {
        private sealed class RegexNamespace(string pattern) : IStreamNamespacePredicate
        {
            private readonly Regex _regex = new(pattern, RegexOptions.Compiled);

            public string PredicatePattern => $"regex:{pattern}";

            public bool IsMatch(string? streamNamespace) => _regex.IsMatch(streamNamespace ?? "");
        }
    }
}
