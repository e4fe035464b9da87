namespace ProdSprint.Identity;

/// <summary>A session with its newest tokens: what a browser gets as cookies and a tool in the answer.</summary>
/// <param name="AccessExpires">When the access token has to be refreshed.</param>
/// <param name="EndsAt">When the session is over unless it is refreshed before.</param>
public sealed record SessionStarted(Guid Id, string Account, string AccessToken, DateTimeOffset AccessExpires, string RefreshToken, DateTimeOffset EndsAt, string Forgery);
