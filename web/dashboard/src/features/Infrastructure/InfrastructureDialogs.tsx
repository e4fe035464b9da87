import { Switch } from '@mantine/core';
import type { InfrastructureView, StateView } from '../../api/types.ts';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { shortDigest } from '../../app/format.ts';
import { useDraft } from '../../app/useDraft.ts';
import { summaryOf } from './environmentState.ts';
import {
  acceptDrift,
  applyInfrastructure,
  approveInfrastructure,
  checkDrift,
  planInfrastructure,
  reapplyInfrastructure,
  restoreState,
  type Place,
} from './infrastructure.ts';

const changes = ['infrastructure'];

export function PlanIt({ place, standing }: { place: Place; standing: boolean }) {
  const { draft, set, begin } = useDraft({ destroy: false });
  return (
    <CommandWithDialog
      action="PlanInfrastructure"
      label="Plan"
      spoken={`Plan ${place.environment}`}
      icon="plus"
      inRow
      begin={begin}
      confirm="Plan"
      later="soon"
      done="It is being planned."
      consequence="Terraform works out what would have to change. Nothing is changed; a plan that nobody has applied is replaced."
      changes={changes}
      send={(reason, key) => planInfrastructure(place, draft.destroy, reason, key)}
    >
      {standing && (
        <Switch
          label="Take everything away"
          description="A plan that removes the database with all that is in it. It needs its own approval."
          checked={draft.destroy}
          onChange={(e) => set('destroy', e.currentTarget.checked)}
        />
      )}
    </CommandWithDialog>
  );
}

export function ApproveIt({ view, digest }: { view: InfrastructureView; digest: string }) {
  const plan = view.plan!;
  return (
    <CommandWithDialog
      action="ApproveInfrastructure"
      label="Approve"
      spoken={`Approve plan ${plan.number} of ${view.environment}`}
      icon="check"
      inRow
      variant="filled"
      later="soon"
      done={`Plan ${plan.number} is approved.`}
      consequence={
        <>
          {summaryOf(plan.changes)}. You approve <code title={digest}>{shortDigest(digest)}</code>: these files, this plan and the state it
          was made from. Nothing else can be applied.
        </>
      }
      changes={changes}
      send={(reason, key) => approveInfrastructure(view, digest, reason, key)}
    />
  );
}

export function ApplyIt({ view }: { view: InfrastructureView }) {
  const plan = view.plan!;
  return (
    <CommandWithDialog
      action="ApplyInfrastructure"
      label={view.phase === 'failed' ? 'Apply what is left' : 'Apply'}
      spoken={
        view.phase === 'failed'
          ? `Apply what is left of plan ${plan.number} of ${view.environment}`
          : `Apply plan ${plan.number} of ${view.environment}`
      }
      icon="play"
      inRow
      variant="filled"
      danger={plan.destroy}
      reasonRequired={plan.destroy}
      later="soon"
      done={`Plan ${plan.number} is being applied.`}
      consequence={
        plan.destroy
          ? `Everything of ${view.environment} is taken away, its database with all that is in it. Nothing brings it back.`
          : `${summaryOf(plan.changes)}, as approved; if the state has moved since, only what was approved is carried out.`
      }
      changes={changes}
      send={(reason, key) => applyInfrastructure(view, reason, key)}
    />
  );
}

export function CheckIt({ view }: { view: InfrastructureView }) {
  return (
    <CommandWithDialog
      action="CheckDrift"
      label="Look for drift"
      spoken={`Look for drift in ${view.environment}`}
      icon="search"
      inRow
      later="soon"
      withReason={false}
      confirm="Look"
      done="It is being looked at."
      consequence="What is there is held against what was applied, now instead of within 15 minutes. Nothing is changed."
      changes={changes}
      send={(_, key) => checkDrift(view, key)}
    />
  );
}

export function DriftCommands({ view, digest }: { view: InfrastructureView; digest: string }) {
  return (
    <>
      <CommandWithDialog
        action="ReapplyInfrastructure"
        label="Re-apply"
        spoken={`Re-apply ${view.environment}`}
        icon="retry"
        inRow
        variant="filled"
        later="soon"
        done="What was applied is being put back."
        consequence={
          <>
            What you see here (<code title={digest}>{shortDigest(digest)}</code>) is put back as it was approved, and nothing beyond it is
            changed. No repair removes a database that is there.
          </>
        }
        changes={changes}
        send={(reason, key) => reapplyInfrastructure(view, digest, reason, key)}
      />
      <CommandWithDialog
        action="AcceptDrift"
        label="Accept"
        spoken={`Accept the drift of ${view.environment}`}
        inRow
        reasonRequired
        later="soon"
        done="The drift is accepted."
        consequence="It stays as it is, and no release waits for it any more. You answer for it; another drift is asked about anew."
        changes={changes}
        send={(reason, key) => acceptDrift(view, digest, reason, key)}
      />
    </>
  );
}

export function RestoreIt({ view, state }: { view: InfrastructureView; state: StateView }) {
  return (
    <CommandWithDialog
      action="RestoreInfrastructureState"
      label="Restore"
      spoken={`Restore state ${state.version} of ${view.environment}`}
      title={`Restore state ${state.version}`}
      inRow
      danger
      reasonRequired
      later="never"
      done={`State ${state.version} is the newest again.`}
      consequence="It becomes the newest version on top of the others, which stay. Do it after a state that was tampered with; what is there is not changed, and the next plan says what differs."
      changes={changes}
      send={(reason, key) => restoreState(view, state.version, reason, key)}
    />
  );
}
