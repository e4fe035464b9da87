import { useQuery } from '@tanstack/react-query';
import type { AttestationKeyView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { who } from '../../app/format.ts';
import { Asked, Empty } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { attestationKeysQuery, rotateKey } from './attestations.ts';
import css from './Supply.module.css';

function Rotate() {
  return (
    <CommandWithDialog
      action="RotateAttestationKey"
      label="New key"
      icon="retry"
      variant="default"
      title="Sign with a new key"
      confirm="Make it"
      reasonRequired
      later="never"
      done="A new key signs from now on."
      consequence="The private key of the one before is destroyed; its public key stays, so that what it signed still counts. Who verifies outside needs the new public key."
      changes={['attestation-keys']}
      send={(reason, key) => rotateKey(reason, key)}
    />
  );
}

function Key({ of: k }: { of: AttestationKeyView }) {
  return (
    <li>
      <div className={ui.row}>
        <code className={css.digest} title={k.id}>
          {k.id.slice(0, 12)}
        </code>
        {k.active ? (
          <Tag tone="good" icon="key" small>
            Signs
          </Tag>
        ) : (
          <Tag tone="plain" icon="check" small>
            Verifies
          </Tag>
        )}
        <span className={`${ui.small} muted`}>
          {k.algorithm}, made by {who(k.madeBy)} <Ago at={k.createdAt} />
        </span>
      </div>
      <details className={css.more}>
        <summary>
          Public key<span className="sr-only"> {k.id.slice(0, 12)}</span>
        </summary>
        <pre className={css.statement} tabIndex={0} aria-label={`Public key ${k.id.slice(0, 12)}`}>
          {k.publicKey}
        </pre>
      </details>
    </li>
  );
}

/** What signs where artifacts came from, and what that is held against before traffic. */
export function KeysTab() {
  const keys = useQuery(attestationKeysQuery);
  return (
    <Card label="Signing keys" aside={keys.data?.length ? <Rotate /> : undefined}>
      <Asked
        query={keys}
        what="the keys"
        rows={2}
        rowHeight={52}
        empty={
          <Empty icon="key" title="No key yet" command="prodsprint release">
            The first build makes it. From then on each build is signed, and an artifact without a signature that holds gets no traffic.
          </Empty>
        }
      >
        {(list) => (
          <ul className={css.keys}>
            {list.map((k) => (
              <Key key={k.id} of={k} />
            ))}
          </ul>
        )}
      </Asked>
    </Card>
  );
}
