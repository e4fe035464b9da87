import { Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Role, WorkspaceItem } from '../../api/types.ts';
import { Card } from '../../app/Card.tsx';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { none } from '../../app/format.ts';
import { NameInput } from '../../app/NameInput.tsx';
import { Asked, Empty } from '../../app/States.tsx';
import { RowCommands, Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { useDraft } from '../../app/useDraft.ts';
import { Tag } from '../Gates/Verdict.tsx';
import { OrganisationsCard } from './OrganisationsCard.tsx';
import { createWorkspace, joinWorkspace, newName, newNameHint, organisationsQuery, workspacesQuery } from './organisations.ts';
import { rolesText } from './roles.ts';
import { currentWorkspace, enterWorkspace } from './workspace.ts';

function NewWorkspace() {
  const organisations = useQuery(organisationsQuery).data ?? [];
  const { draft, set, field, begin } = useDraft({ name: '', organisation: null as string | null });
  const name = draft.name.trim();
  return (
    <CommandWithDialog
      action="CreateWorkspace"
      label="New workspace"
      icon="plus"
      begin={begin}
      confirm="Make it"
      ready={newName.test(name)}
      done={`${name} is made, and you are its Admin.`}
      consequence="Projects, members, tokens and the audit log of a workspace are its own: nothing crosses into another."
      changes={['workspaces', 'organisations']}
      send={(reason, key) => createWorkspace(name, draft.organisation, reason, key)}
    >
      <NameInput label="Name" placeholder="acme.shop" shape={newName} hint={newNameHint} {...field('name')} />
      {organisations.length > 0 && (
        <Select
          label="Organisation"
          description="Which owns it; its Admins may come in"
          placeholder="None"
          clearable
          value={draft.organisation}
          onChange={(organisation) => set('organisation', organisation)}
          comboboxProps={{ withinPortal: true }}
          data={organisations.map(({ id, title }) => ({ value: id, label: title }))}
        />
      )}
    </CommandWithDialog>
  );
}

function Enter({ workspace: { name, organisation, roles } }: { workspace: WorkspaceItem }) {
  if (name === currentWorkspace())
    return (
      <Tag tone="accent" small>
        Here
      </Tag>
    );
  if (roles.length === 0 && organisation)
    return (
      <CommandWithDialog
        action="JoinWorkspace"
        label="Come in"
        spoken={`Come in to ${name}`}
        inRow
        title={`Become an Admin of ${name}`}
        confirm="Become an Admin"
        reasonRequired
        done={`You are an Admin of ${name}.`}
        consequence={`You may do everything in ${name} then. Its members see in its timeline that you came, and why.`}
        changes={['workspaces']}
        send={(reason, key) => joinWorkspace(organisation, name, reason, key)}
      />
    );
  return (
    <Button size="compact-sm" variant="default" aria-label={`Go to ${name}`} onClick={() => enterWorkspace(name)}>
      Go
    </Button>
  );
}

/** Where one belongs, and to whom that belongs. */
export function WorkspacesTab() {
  return (
    <div className={ui.page}>
      <Card label="Workspaces" title="Your workspaces" aside={<NewWorkspace />}>
        <Asked
          query={useQuery(workspacesQuery)}
          what="your workspaces"
          rows={2}
          rowHeight={44}
          empty={
            <Empty icon="projects" title="You are a member of none">
              Make one, or ask an Admin of a workspace for an invitation.
            </Empty>
          }
        >
          {(list) => (
            <Table label="List of workspaces" columns={['Workspace', { head: 'Organisation', wide: true }, 'You are']} commands>
              {list.map((w) => (
                <tr key={w.name}>
                  <td>
                    <strong>{w.name}</strong>
                    {w.title !== w.name && <div className={`${ui.small} muted`}>{w.title}</div>}
                  </td>
                  <td className={ui.wide}>{w.organisation ?? <span className="muted">{none}</span>}</td>
                  <td>{rolesText(w.roles as Role[]) || <span className="muted">no member</span>}</td>
                  <RowCommands>
                    <Enter workspace={w} />
                  </RowCommands>
                </tr>
              ))}
            </Table>
          )}
        </Asked>
      </Card>
      <OrganisationsCard />
    </div>
  );
}
