import { Button, Select, TextInput } from '@mantine/core';
import type { ConnectionView, GroupRole, Role } from '../../api/types.ts';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { Icon } from '../../app/Icon.tsx';
import ui from '../../app/ui.module.css';
import { useDraft } from '../../app/useDraft.ts';
import { roleLabel, roles } from '../Tenants/roles.ts';
import { canChange, changeConnection, mostGroups, settingsOf, type Settings } from './connections.ts';
import css from './Connections.module.css';

const choices = roles.map(({ role, label }) => ({ value: role, label }));

/** Which groups of the provider are which roles here. */
export function ChangeGroups({ connection }: { connection: ConnectionView }) {
  const { draft, set, field, begin } = useDraft<Settings>(settingsOf(connection));
  const { groups } = draft;
  const change = (at: number, part: Partial<GroupRole>) =>
    set(
      'groups',
      groups.map((one, n) => (n === at ? { ...one, ...part } : one)),
    );
  return (
    <CommandWithDialog
      action="ChangeConnection"
      label="Change"
      spoken={`Change the roles by group of ${connection.name}`}
      inRow
      title={`Roles by group of ${connection.name}`}
      begin={begin}
      confirm="Save"
      later="never"
      ready={canChange(connection, draft)}
      done={groups.length > 0 ? 'Groups decide from the next sign-in on.' : 'Admins decide who may what.'}
      consequence="As soon as one group is named, groups alone decide, at every sign-in: whoever is in none of them has no role here any more. The last Admin stays one."
      changes={['connections']}
      send={(reason, key) => changeConnection(connection, draft, reason, key)}
    >
      <ul className={css.groups} aria-label="Groups">
        {groups.map(({ group, role }, n) => (
          <li key={n}>
            <TextInput
              aria-label={`Group ${n + 1}`}
              placeholder="engineering"
              value={group}
              onChange={(e) => change(n, { group: e.currentTarget.value })}
              autoComplete="off"
              spellCheck={false}
            />
            <Select
              aria-label={`Role of group ${n + 1}`}
              value={role}
              onChange={(value) => change(n, { role: value as Role })}
              allowDeselect={false}
              comboboxProps={{ withinPortal: true }}
              data={choices}
            />
            <Button
              variant="subtle"
              size="compact-sm"
              aria-label={`Remove group ${n + 1}`}
              onClick={() =>
                set(
                  'groups',
                  groups.filter((_, other) => other !== n),
                )
              }
            >
              <Icon name="cross" size={14} />
            </Button>
          </li>
        ))}
      </ul>
      <Button
        variant="default"
        size="compact-sm"
        mr="auto"
        leftSection={<Icon name="plus" size={14} />}
        disabled={groups.length >= mostGroups}
        onClick={() => set('groups', [...groups, { group: '', role: 'viewer' }])}
      >
        Add a group
      </Button>
      <TextInput
        label="Where the provider says them"
        description={connection.kind === 'saml' ? 'Attribute; left empty: the usual ones' : 'Claim; left empty: groups'}
        {...field('groupsClaim')}
      />
    </CommandWithDialog>
  );
}

/** By role, so that one sees who is what. */
export function GroupsText({ groups }: { groups: readonly GroupRole[] }) {
  if (groups.length === 0) return <span className="muted">none: Admins say who may what</span>;
  return (
    <ul className={ui.row} aria-label="Roles by group">
      {groups.map(({ group, role }) => (
        <li key={`${group} ${role}`} className={css.domain}>
          {group} → {roleLabel(role)}
        </li>
      ))}
    </ul>
  );
}
