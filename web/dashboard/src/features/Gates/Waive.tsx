import { NativeSelect, TextInput } from '@mantine/core';
import type { WaiverKind } from '../../api/types.ts';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { DaysChoice } from '../../app/DaysChoice.tsx';
import { useDraft } from '../../app/useDraft.ts';
import { createWaiver } from './gates.ts';
import { emptyWaiver, waiverFaults, waiverKinds, type WaiverDraft } from './waivers.ts';

/** What has to be asked for again when a waiver is made or ends. */
export const changesOfWaivers = ['waivers', 'readiness', 'findings'];

/** `known`: of what stands in its row; else it is asked for. */
export function Waive({
  project,
  known,
  spoken,
}: {
  project: string;
  known?: Pick<WaiverDraft, 'covers' | 'subject' | 'package'>;
  spoken?: string;
}) {
  const { draft, set, field, begin } = useDraft<WaiverDraft>({ ...emptyWaiver, ...known });
  const faults = waiverFaults(draft);
  const kind = waiverKinds[draft.covers];
  const checked = (name: 'subject' | 'package' | 'ticket') => ({ error: draft[name] === '' ? null : faults[name], ...field(name) });
  return (
    <CommandWithDialog
      action="CreateWaiver"
      label="Waive"
      {...(known ? { spoken, inRow: true } : { icon: 'plus', variant: 'default' })}
      begin={begin}
      title="Waive what a gate stops for"
      confirm="Waive"
      ready={Object.keys(faults).length === 0}
      reasonRequired
      done="Waived."
      consequence="You answer for it until that day. It covers this project’s releases from their next step on; when it ends, a release under way is held at its next step."
      changes={changesOfWaivers}
      send={(reason, key) => createWaiver(project, draft, reason, key)}
    >
      {!known && (
        <NativeSelect
          label="What"
          data={Object.entries(waiverKinds).map(([value, { text }]) => ({ value, label: text }))}
          value={draft.covers}
          onChange={(e) => set('covers', e.currentTarget.value as WaiverKind)}
        />
      )}
      <TextInput
        label={kind.subject}
        placeholder={kind.example}
        required
        readOnly={known !== undefined}
        data-autofocus={known ? undefined : true}
        {...checked('subject')}
      />
      {draft.covers !== 'control' && (
        <TextInput
          label="Package"
          description="Its URL; with a version only that one, without one every version"
          placeholder="pkg:npm/lodash"
          required={draft.covers === 'vulnerability'}
          {...checked('package')}
        />
      )}
      <TextInput
        label="Ticket"
        description="Where it is being mended"
        placeholder="SHOP-1207"
        required
        maxLength={500}
        data-autofocus={known ? true : undefined}
        {...checked('ticket')}
      />
      <DaysChoice label="Holds for" choices={[7, 30, 90, 365]} value={draft.days} onChange={(days) => set('days', days)} />
    </CommandWithDialog>
  );
}
