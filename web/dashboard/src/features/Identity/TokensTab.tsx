import { useQuery } from '@tanstack/react-query';
import type { TokenRow } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { who } from '../../app/format.ts';
import { Asked, Empty } from '../../app/States.tsx';
import { RowCommands, Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { useMissingPermission } from './permissions.ts';
import { EndToken, MakeToken } from './TokenDialogs.tsx';
import { serviceTokensQuery, tokensQuery } from './tokens.ts';

function List({ tokens, label, ofService }: { tokens: TokenRow[]; label: string; ofService?: boolean }) {
  return (
    <Table label={label} columns={['For', { head: 'May', wide: true }, 'Last used', 'Expires']} commands>
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
          <RowCommands>
            <EndToken token={t} ofService={ofService} />
          </RowCommands>
        </tr>
      ))}
    </Table>
  );
}

function OfServices() {
  return (
    <Card label="Service tokens" title="Tokens of services" aside={<MakeToken ofService />}>
      <Asked
        query={useQuery(serviceTokensQuery)}
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
    </Card>
  );
}

/** What acts for one without one, and what acts for the workspace. */
export function TokensTab() {
  const tokens = useQuery(tokensQuery);
  const noServices = useMissingPermission('ListServiceTokens') !== null;
  return (
    <div className={ui.page}>
      <Card label="Your tokens" aside={<MakeToken />}>
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
      </Card>
      {!noServices && <OfServices />}
    </div>
  );
}
