using System.Net.Mail;

namespace ProdSprint.Identity;

/// <summary>From whom a provider vouches for to an account of ours. An address never opens an account: only the login itself does, or, of a workspace's own directory, the user it made.</summary>
public sealed class SignInAccounts(Accounts accounts, ScimDirectory directory, SignInMembers members, KnownCredentials known)
{
    /// <exception cref="SignInException">Deactivated, or no member and not to become one.</exception>
    public async Task<Account> OpenAsync(HttpContext http, IdentityProvider provider, VouchedFor who, CancellationToken cancellation)
    {
        var login = Login(provider, who);
        if (provider.Connection is not { } rules) return await accounts.FindOrCreateAsync(login, cancellation);

        var owner = await accounts.OwnerAsync(provider.Id, who.Subject, cancellation);
        var user = await directory.FindAsync(rules.Workspace, provider.Id, who, owner, cancellation);
        if (user is { Active: false }) throw new SignInException(SignInFault.Deactivated, $"{user.UserName} is deactivated in the directory of {provider.Id}");
        // Connection and directory are the same organisation's: the user it made is who its provider vouches for.
        if (owner is null && user is not null) await accounts.LinkAsync(user.Account, login, cancellation);
        else if (owner is null && !rules.JustInTime) throw new SignInException(SignInFault.NoMember, $"{who.Subject} was not provided beforehand");
        var account = await accounts.FindOrCreateAsync(login, cancellation);
        var groups = user is null ? who.Groups : [.. who.Groups, .. await directory.GroupsAsync(rules.Workspace, provider.Id, user.Id, cancellation)];
        if (!await members.ApplyAsync(http, rules, $"connection:{provider.Id}", account.Id, groups, $"Signed in by {provider.Name}")) throw new SignInException(SignInFault.NoMember, $"No group of {account.Id} has a role in {rules.Workspace}");
        return account;
    }

    /// <summary>Both sides are proved: this one by what the provider just said, the other by the session in which it was asked for, if that still holds.</summary>
    /// <exception cref="SignInException">It does not hold, or the login opens another account.</exception>
    public async Task LinkAsync(IdentityProvider provider, VouchedFor who, LinkRequest link, CancellationToken cancellation)
    {
        if (await known.SessionAsync(link.Session, cancellation) is not { Over: false, NeedsFactor: false } session || session.Account != link.Account)
            throw new SignInException(SignInFault.LinkChanged, $"The session in which {link.Account} asked for it is over");
        if (!await accounts.LinkAsync(link.Account, Login(provider, who), cancellation))
            throw new SignInException(SignInFault.LinkedElsewhere, $"{provider.Id}:{who.Subject} opens another account than {link.Account}");
        known.ForgetAll();
    }

    /// <summary>A workspace's provider is believed about addresses of the workspace's own domains, and about no others.</summary>
    private static ExternalLogin Login(IdentityProvider provider, VouchedFor who)
    {
        var email = MailAddress.TryCreate(who.Email, out var address) && address.Address == who.Email ? address : null;
        var verified = email is not null && (provider.Connection is { } rules ? rules.Domains.Contains(email.Host.ToLowerInvariant()) && who.EmailVerified != false : who.EmailVerified == true);
        return new(provider.Id, who.Subject, who.Name, email?.Address, verified);
    }
}
