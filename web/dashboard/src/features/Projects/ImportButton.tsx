import { TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { api, ask } from '../../api/client.ts';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { useDraft } from '../../app/useDraft.ts';

export function ImportButton() {
  const { draft, field } = useDraft({ source: '', name: '' });
  const navigate = useNavigate();
  const send = async (_: string, key: string) => {
    const [source, name] = [draft.source.trim(), draft.name.trim()];
    const made = await ask(api.POST('/v1/projects', { headers: { 'Idempotency-Key': key }, body: name ? { source, name } : { source } }));
    const project = made?.key?.split('/')[2];
    if (project) await navigate({ to: '/projects/$project', params: { project } });
  };
  return (
    <CommandWithDialog
      action="ImportProject"
      label="Import a repository"
      icon="plus"
      confirm="Import"
      withReason={false}
      ready={draft.source.trim() !== ''}
      consequence="It is cloned and audited. Nothing in it is executed before a person has approved its plan."
      changes={['projects']}
      send={send}
      done="Import started."
    >
      <TextInput
        label="Repository"
        description="A git URL, or a path on the server"
        placeholder="https://example.org/shop.git"
        required
        data-autofocus
        {...field('source')}
      />
      <TextInput label="Name" description="Optional; else the repository's" {...field('name')} />
    </CommandWithDialog>
  );
}
