import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api, ask } from '../../api/client.ts';
import type { PlanView } from '../../api/types.ts';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { DaysChoice } from '../../app/DaysChoice.tsx';
import { inDays, shortDigest } from '../../app/format.ts';
import { Tag } from '../Gates/Verdict.tsx';
import { useUser } from '../Identity/UserMenu.tsx';
import css from './ApproveButton.module.css';

/** Approving says yes to exactly this digest. A blocker stands until it is gone or waived with a reason of its own. */
export function ApproveButton({ project, plan }: { project: string; plan: PlanView }) {
  const [waived, setWaived] = useState<Record<string, string>>({});
  const [ticket, setTicket] = useState('');
  const [days, setDays] = useState(14);
  const blockers = plan.document?.blockers ?? [];
  const user = useUser();
  const needed = plan.document?.policy.approvers ?? 1;
  const given = plan.approvals ?? [];
  // a waiver of the approver before stands for the next one, for as long as it holds
  const already = new Set((plan.waivers ?? []).filter((w) => w.expires && new Date(w.expires) > new Date()).map((w) => w.blocker));
  const open = blockers.filter((b) => !already.has(b.id));
  const ready = open.every((b) => b.waivable && (waived[b.id] ?? '').trim() !== '') && (open.length === 0 || ticket.trim() !== '');
  const send = (reason: string, key: string) =>
    ask(
      api.POST('/v1/projects/{project}/plans/{number}/approve', {
        params: { path: { project, number: plan.number } },
        headers: { 'Idempotency-Key': key },
        body: {
          reason,
          digest: plan.document?.digest,
          waivers: open.map((b) => ({ blocker: b.id, reason: waived[b.id]!.trim(), ticket: ticket.trim(), expires: inDays(days) })),
        },
      }),
    );
  if (given.some((a) => a.by === `user:${user}`))
    return (
      <Tag tone="hold" icon="person">
        You have approved it; {needed - given.length === 1 ? 'one more person has' : `${needed - given.length} more people have`} to
      </Tag>
    );
  return (
    <CommandWithDialog
      action="ApprovePlan"
      label={`Approve plan ${plan.number}`}
      icon="check"
      begin={() => {
        setWaived({});
        setTicket('');
      }}
      title={`Approve plan ${plan.number} of ${project}`}
      confirm="Approve"
      reasonRequired
      ready={ready}
      changes={['plan', 'plans', 'decisions']}
      send={send}
      done={needed - given.length > 1 ? `Plan ${plan.number} has your approval and needs another.` : `Plan ${plan.number} approved.`}
      consequence={
        <>
          {needed > 1 && `Approval ${given.length + 1} of ${needed}, each by another person. `}
          {needed - given.length > 1 ? 'With all of them' : 'From now on'} releases of this project may build and run exactly what the plan
          says
          {plan.document?.digest && (
            <>
              {' '}
              (<code>{shortDigest(plan.document.digest)}</code>)
            </>
          )}
          . Its author cannot approve it.
        </>
      }
    >
      {open.length > 0 && (
        <fieldset className={css.blockers}>
          <legend>
            {open.length === 1 ? 'One blocker stands' : `${open.length} blockers stand`}. Resolve, or waive with a reason, a ticket and an
            end.
          </legend>
          {open.map((b) => (
            <div key={b.id}>
              <Checkbox
                label={b.title}
                disabled={!b.waivable}
                checked={b.id in waived}
                onChange={(e) => {
                  const on = e.currentTarget.checked;
                  setWaived(({ [b.id]: had, ...rest }) => (on ? { ...rest, [b.id]: had ?? '' } : rest));
                }}
                description={b.waivable ? undefined : `Cannot be waived. ${b.remediation}`}
              />
              {b.id in waived && (
                <TextInput
                  mt={6}
                  ml={30}
                  aria-label={`Why is "${b.title}" acceptable?`}
                  placeholder="Why is this acceptable?"
                  value={waived[b.id]}
                  onChange={(e) => {
                    const v = e.currentTarget.value;
                    setWaived((w) => ({ ...w, [b.id]: v }));
                  }}
                />
              )}
            </div>
          ))}
          {Object.keys(waived).length > 0 && (
            <div className={css.until}>
              <TextInput label="Ticket" placeholder="SHOP-1207" value={ticket} onChange={(e) => setTicket(e.currentTarget.value)} />
              <DaysChoice label="Waived for" choices={[7, 14, 30, 90]} value={days} onChange={setDays} />
            </div>
          )}
        </fieldset>
      )}
    </CommandWithDialog>
  );
}
