import { Button, Menu, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { hasSession } from '../../api/session.ts';
import { Icon } from '../../app/Icon.tsx';
import { NameInput } from '../../app/NameInput.tsx';
import { workspacesQuery } from './organisations.ts';
import { currentWorkspace, defaultWorkspace, enterWorkspace, recentWorkspaces, workspaceName } from './workspace.ts';
import css from './WorkspaceMenu.module.css';

function Another({ opened, close }: { opened: boolean; close: () => void }) {
  const [name, setName] = useState('');
  const good = workspaceName.test(name);
  return (
    <Modal opened={opened} onClose={close} title="Go to a workspace" size="sm">
      <form
        className={css.form}
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          if (good) enterWorkspace(name);
        }}
      >
        <NameInput
          label="Workspace"
          description="This tab alone changes; others stay where they are."
          value={name}
          onChange={(e) => setName(e.currentTarget.value.trim())}
          shape={workspaceName}
          hint="Letters, digits, “.”, “-” and “_”, 64 at most."
          autoComplete="off"
          spellCheck={false}
        />
        <Button type="submit" disabled={!good} ml="auto">
          Go
        </Button>
      </form>
    </Modal>
  );
}

export function WorkspaceMenu() {
  const [asking, setAsking] = useState(false);
  const navigate = useNavigate();
  const here = currentWorkspace();
  const mine = useQuery(workspacesQuery).data ?? [];
  const known = [...new Set([here, ...mine.map((w) => w.name), ...(hasSession() ? [] : [...recentWorkspaces(), defaultWorkspace])])];
  return (
    <>
      <Menu position="bottom-start" width={220} shadow="md" withinPortal={false} withInitialFocusPlaceholder={false} zIndex={210}>
        <Menu.Target>
          <button type="button" className={css.workspace} aria-label={`Workspace ${here}. Change`}>
            <span className={css.name}>{here}</span>
            <Icon name="updown" size={14} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Workspace of this tab</Menu.Label>
          {known.map((name) => (
            <Menu.Item
              key={name}
              onClick={() => enterWorkspace(name)}
              rightSection={name === here ? <Icon name="check" size={16} /> : null}
            >
              {name}
            </Menu.Item>
          ))}
          <Menu.Item onClick={() => setAsking(true)}>Another…</Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => void navigate({ to: '/account/workspaces' })}>Yours, and a new one</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Another opened={asking} close={() => setAsking(false)} />
    </>
  );
}
