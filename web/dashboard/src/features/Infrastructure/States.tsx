import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { InfrastructureView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { shortDigest } from '../../app/format.ts';
import { Asked } from '../../app/States.tsx';
import { RowCommands, Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import css from './Infrastructure.module.css';
import { statesQuery } from './infrastructure.ts';
import { RestoreIt } from './InfrastructureDialogs.tsx';

function List({ view }: { view: InfrastructureView }) {
  const states = useQuery(statesQuery(view.project, view.environment));
  return (
    <Asked
      query={states}
      what="the states"
      rows={2}
      rowHeight={40}
      empty={<p className="muted">None yet: Terraform writes the first when something is applied.</p>}
    >
      {(list) => (
        <Table
          label={`States of ${view.environment}`}
          columns={['Version', 'Sound', { head: 'Digest', wide: true }, { head: 'Written', wide: true }, { head: 'By', wide: true }]}
          commands
        >
          {list.map((s, i) => (
            <tr key={s.version}>
              <td>{s.version}</td>
              <td>
                {s.sound ? (
                  <Tag tone="good" icon="check" small>
                    As written
                  </Tag>
                ) : (
                  <Tag tone="bad" icon="warning" small>
                    Tampered with
                  </Tag>
                )}
                <div className={`${ui.small} ${ui.narrow} muted`}>
                  <Ago at={s.createdAt} />
                </div>
              </td>
              <td className={ui.wide}>
                <code title={s.digest}>{shortDigest(s.digest)}</code>
              </td>
              <td className={`${ui.wide} muted`}>
                <Ago at={s.createdAt} />
              </td>
              <td className={ui.wide}>
                <Link to="/administration/jobs/$job" params={{ job: s.run }} aria-label={`Its job, of state ${s.version}`}>
                  Its job
                </Link>
              </td>
              <RowCommands>{i > 0 && s.sound && <RestoreIt view={view} state={s} />}</RowCommands>
            </tr>
          ))}
        </Table>
      )}
    </Asked>
  );
}

/** Terraform's states. Asked for when somebody wants to see them. */
export function States({ view }: { view: InfrastructureView }) {
  const [open, setOpen] = useState(false);
  return (
    <details className={css.states} open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>Terraform’s states</summary>
      {open && <List view={view} />}
    </details>
  );
}
