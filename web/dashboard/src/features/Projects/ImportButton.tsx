import { TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, ask } from '../../api/client.ts';
import { Icon } from '../../app/Icon.tsx';
import { CommandButton } from '../Identity/CommandButton.tsx';
import { CommandDialog } from '../Releases/CommandDialog.tsx';

export function ImportButton() {
  const [opened, setOpened] = useState(false);
  const [source, setSource] = useState('');
  const [name, setName] = useState('');
  const client = useQueryClient();
  const navigate = useNavigate();
  const send = async (_: string, key: string) => {
    const made = await ask(
      api.POST('/v1/projects', {
        headers: { 'Idempotency-Key': key },
        body: name.trim() ? { source: source.trim(), name: name.trim() } : { source: source.trim() },
      }),
    );
    await client.invalidateQueries({ queryKey: ['projects'] });
    const project = made?.key?.split('/')[2];
    if (project) await navigate({ to: '/projects/$project', params: { project } });
  };
  return (
    <>
      <CommandButton action="ImportProject" leftSection={<Icon name="plus" size={16} />} onClick={() => setOpened(true)}>
        Import a repository
      </CommandButton>
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title="Import a repository"
        confirm="Import"
        withReason={false}
        ready={source.trim() !== ''}
        consequence="It is cloned and audited. Nothing in it is executed before a person has approved its plan."
        send={send}
        done="Import started."
      >
        <TextInput
          label="Repository"
          description="A git URL, or a path on the server"
          placeholder="https://example.org/shop.git"
          required
          value={source}
          onChange={(e) => setSource(e.currentTarget.value)}
          data-autofocus
          spellCheck={false}
          autoComplete="off"
        />
        <TextInput
          label="Name"
          description="Optional; else the repository's"
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
          autoComplete="off"
        />
      </CommandDialog>
    </>
  );
}
