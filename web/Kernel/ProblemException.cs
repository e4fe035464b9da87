namespace ProdSprint.Kernel;

/// <summary>An answer other than success, thrown from wherever it is known. Becomes Problem+JSON.</summary>
/// <param name="code">Stable and kebab-case; the problem's type is <c>https://prodsprint.dev/problems/{code}</c>.</param>
/// <param name="next">What the caller can do now.</param>
/// <param name="gate">A gate, a policy or the judge said no: said in the problem as <c>"gate": true</c>, exit code 3 of the CLI.</param>
public sealed class ProblemException(int status, string code, string title, string detail, string next, bool gate = false) : Exception(detail)
{
    public int Status { get; } = status;
    public string Code { get; } = code;
    public string Title { get; } = title;
    public string Next { get; } = next;
    public bool Gate { get; } = gate;

    /// <summary>When it is worth another try, where that is known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static ProblemException NotFound(string what, string id, string next) =>
        new(StatusCodes.Status404NotFound, $"{what}.not-found", $"No such {what}", $"There is no {what} '{id}' in this workspace.", next);

    public static ProblemException Invalid(string code, string detail, string next) =>
        new(StatusCodes.Status422UnprocessableEntity, code, "Cannot be done as asked", detail, next);

    public static ProblemException Of(Rejection r) => new(
        r.Kind switch
        {
            RejectionKind.NotFound => StatusCodes.Status404NotFound,
            RejectionKind.Invalid => StatusCodes.Status422UnprocessableEntity,
            RejectionKind.Forbidden => StatusCodes.Status403Forbidden,
            RejectionKind.Stale => StatusCodes.Status412PreconditionFailed,
            _ => StatusCodes.Status409Conflict,
        },
        r.Code, r.Title, r.Detail, r.Next, r.Kind == RejectionKind.Gate);
}
