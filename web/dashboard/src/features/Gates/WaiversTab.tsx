import { useQuery } from '@tanstack/react-query';
import type { GateWaiver } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { count, who } from '../../app/format.ts';
import { Asked, Command, Empty } from '../../app/States.tsx';
import { RowCommands, Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { useNow } from '../../live/clock.ts';
import { useProjectId } from '../Projects/ProjectPage.tsx';
import { advisoriesQuery, revokeWaiver, waiversQuery } from './gates.ts';
import { Tag } from './Verdict.tsx';
import { changesOfWaivers, Waive } from './Waive.tsx';
import css from './Waivers.module.css';
import { inOrder, isAddress, waiverKinds, waiverState } from './waivers.ts';

function State({ waiver: w }: { waiver: GateWaiver }) {
  switch (waiverState(w, useNow())) {
    case 'holds':
      return (
        <Tag tone="good" icon="check" small>
          Ends <Ago at={w.expires} />
        </Tag>
      );
    case 'endsSoon':
      return (
        <Tag tone="hold" icon="clock" small>
          Ends <Ago at={w.expires} />
        </Tag>
      );
    case 'expired':
      return (
        <Tag tone="plain" icon="clock" small>
          Expired <Ago at={w.expires} />
        </Tag>
      );
    case 'revoked':
      return (
        <Tag tone="plain" icon="stop" small>
          Revoked <Ago at={w.revokedAt} />
        </Tag>
      );
  }
}

function Ticket({ ticket }: { ticket: string }) {
  return isAddress(ticket) ? (
    <a className={css.ticket} href={ticket} target="_blank" rel="noreferrer">
      {ticket}
      <span className="sr-only"> (opens in a new tab)</span>
    </a>
  ) : (
    <b className={css.ticket}>{ticket}</b>
  );
}

function Row({ project, waiver: w, holds }: { project: string; waiver: GateWaiver; holds: boolean }) {
  return (
    <tr>
      <td className={css.what}>
        <strong>{w.subject}</strong>
        <div className={`${ui.small} muted`}>
          {waiverKinds[w.covers].text}
          {w.package && (
            <>
              {' in '}
              <code>{w.package}</code>
            </>
          )}
        </div>
        <div className={`${ui.small} ${ui.narrow}`}>
          {w.reason} <Ticket ticket={w.ticket} />
        </div>
      </td>
      <td className={`${css.why} ${ui.wide}`}>
        {w.reason} <Ticket ticket={w.ticket} />
        <div className={`${ui.small} muted`}>
          {who(w.by)} <Ago at={w.at} />
          {w.revokedBy && (
            <>
              ; revoked by {who(w.revokedBy)}
              {w.revokedFor && `: ${w.revokedFor}`}
            </>
          )}
        </div>
      </td>
      <td>
        <State waiver={w} />
      </td>
      {holds && (
        <RowCommands>
          <CommandWithDialog
            action="RevokeWaiver"
            label="Revoke"
            spoken={`Revoke waiver ${w.number} of ${w.subject}`}
            title={`Revoke waiver ${w.number}`}
            confirm="Revoke"
            inRow
            danger
            reasonRequired
            done={`Waiver ${w.number} is revoked.`}
            consequence={`${w.subject} blocks again. A release under way is held at its next step until it is mended or waived.`}
            changes={changesOfWaivers}
            send={(reason, key) => revokeWaiver(project, w, reason, key)}
          />
        </RowCommands>
      )}
    </tr>
  );
}

function List({ label, project, list, holds }: { label: string; project: string; list: GateWaiver[]; holds: boolean }) {
  return (
    <Table label={label} columns={['What', { head: 'Why', wide: true }, 'State']} commands={holds}>
      {list.map((w) => (
        <Row key={w.number} project={project} waiver={w} holds={holds} />
      ))}
    </Table>
  );
}

function Waivers({ project, list }: { project: string; list: GateWaiver[] }) {
  const { hold, ended } = inOrder(list, useNow());
  return (
    <div className={ui.stack}>
      {hold.length > 0 ? (
        <List label="Waivers that hold" project={project} list={hold} holds />
      ) : (
        <p className="muted">None holds: whatever a gate finds, it stops for.</p>
      )}
      {ended.length > 0 && (
        <details className={css.ended}>
          <summary>{count(ended.length)} ended</summary>
          <List label="Waivers that ended" project={project} list={ended} holds={false} />
        </details>
      )}
    </div>
  );
}

/** What releases are held against, so that it is known whether "no finding" says anything. */
function Advisories() {
  const facts = useQuery(advisoriesQuery);
  return (
    <Card label="Vulnerabilities">
      <Asked query={facts} what="the advisories" rows={1} rowHeight={24}>
        {({ advisories }) =>
          advisories > 0 ? (
            <p className="muted">
              Each release’s lock files are held against <b>{count(advisories)}</b> advisories at its gates. A critical or high weakness in
              what is shipped ends the release there; its timeline names the package and the version that mends it.
            </p>
          ) : (
            <div className={ui.stack}>
              <p className="muted">
                The workspace has no advisories yet, so nothing is compared. Import OSV’s exports, or any part of them:
              </p>
              <Command line="prodsprint vulnerabilities import osv-npm.zip" />
            </div>
          )
        }
      </Asked>
    </Card>
  );
}

export function WaiversTab() {
  const project = useProjectId();
  return (
    <div className={ui.page}>
      <Card label="Waivers" aside={<Waive project={project} />}>
        <Asked
          query={useQuery(waiversQuery(project))}
          what="the waivers"
          rows={2}
          rowHeight={60}
          empty={
            <Empty icon="lock" title="Nothing is waived" command="prodsprint waivers create --help">
              A waiver lets a release through in spite of a vulnerability, a licence or a control: until a day, for a reason, under a
              ticket.
            </Empty>
          }
        >
          {(list) => <Waivers project={project} list={list} />}
        </Asked>
      </Card>
      <Advisories />
    </div>
  );
}
