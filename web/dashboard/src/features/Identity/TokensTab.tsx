import { useQuery } from '@tanstack/react-query';
import type { TokenRow } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { who } from '../../app/format.ts';
import { Asked, Empty } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { useMissingPermission } from './permissions.ts';
import { EndToken, MakeToken } from './TokenDialogs.tsx';
import { serviceTokensQuery, tokensQuery } from './tokens.ts';

function List({ tokens, label, ofService }: { tokens: TokenRow[]; label: string; ofService?: boolean }) {
  return (
    <div className={ui.scroll} tabIndex={0} role="region" aria-label={label}>
      <table className={ui.table}>
        <thead>
          <tr>
            <th scope="col">For</th>
            <th scope="col" className={ui.wide}>
              May
            </th>
            <th scope="col">Last used</th>
            <th scope="col">Expires</th>
            <th scope="col">
              <span className="sr-only">Commands</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((t) => (
            <tr key={t.id}>
              <td>
                <strong>{t.name}</strong>
                <div className={`${ui.small} muted`}>
                  <code>{t.id}</code>
                  {ofService && (
                    <>
                      , {t.owner}, made by {who(t.createdBy)}
                    </>
                  )}
                </div>
              </td>
              <td className={`${ui.wide} ${ui.small}`}>
                <code>{t.permissions.join(', ')}</code>
              </td>
              <td>
                {t.usedAt ? (
                  <>
                    <Ago at={t.usedAt} />
                    {t.origin && (
                      <div className={`${ui.small} muted`}>
                        <code>{t.origin}</code>
                      </div>
                    )}
                  </>
                ) : (
                  <span className="muted">never</span>
                )}
              </td>
              <td>
                <Ago at={t.expires} />
              </td>
              <td className={ui.n}>
                <EndToken token={t} ofService={ofService} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function OfServices() {
  const tokens = useQuery(serviceTokensQuery);
  return (
    <section className={ui.card} aria-label="Service tokens">
      <div className={ui.cardHead}>
        <h2>Tokens of services</h2>
        <MakeToken ofService />
      </div>
      <Asked
        query={tokens}
        what="the tokens of services"
        rows={1}
        empty={
          <p className="muted">
            None. A pipeline or a bot gets one of its own here: it belongs to the workspace and outlives whoever made it.
          </p>
        }
      >
        {(list) => <List tokens={list} label="List of service tokens" ofService />}
      </Asked>
    </section>
  );
}

/** What acts for one without one, and what acts for the workspace. */
export function TokensTab() {
  const tokens = useQuery(tokensQuery);
  const noServices = useMissingPermission('ListServiceTokens') !== null;
  return (
    <div className={ui.page}>
      <section className={ui.card} aria-label="Your tokens">
        <div className={ui.cardHead}>
          <h2>Your tokens</h2>
          <MakeToken />
        </div>
        <Asked
          query={tokens}
          what="your tokens"
          rows={1}
          empty={
            <Empty icon="key" title="No tokens" command="prodsprint tokens create --help">
              A token lets a script act for you. It is scoped, it expires, and it never may more than you may yourself.
            </Empty>
          }
        >
          {(list) => <List tokens={list} label="List of your tokens" />}
        </Asked>
      </section>
      {!noServices && <OfServices />}
    </div>
  );
}
