import '@mantine/spotlight/styles.css';
import { Spotlight, spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { useEffect } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { projectsQuery } from '../api/queries.ts';

/** Every screen and project, by name. It opens as soon as it is there. */
export default function Palette() {
  useEffect(() => spotlight.open(), []);
  const navigate = useNavigate();
  const { data: projects } = useQuery(projectsQuery);
  const actions: SpotlightActionData[] = [
    { id: 'now', label: 'Now', description: 'What is running', onClick: () => void navigate({ to: '/' }) },
    { id: 'projects', label: 'Projects', onClick: () => void navigate({ to: '/projects' }) },
    { id: 'runs', label: 'Runs', description: 'Releases, running and ended', onClick: () => void navigate({ to: '/runs' }) },
    { id: 'decisions', label: 'Decisions', description: 'What waits for a person', onClick: () => void navigate({ to: '/decisions' }) },
    { id: 'administration', label: 'Administration', description: 'Grains', onClick: () => void navigate({ to: '/administration' }) },
    { id: 'jobs', label: 'Jobs and dead letters', onClick: () => void navigate({ to: '/administration/jobs' }) },
    { id: 'members', label: 'Members and roles', onClick: () => void navigate({ to: '/administration/members' }) },
    { id: 'webhooks', label: 'Webhooks', onClick: () => void navigate({ to: '/administration/webhooks' }) },
    { id: 'workspaces', label: 'Workspaces and organisations', onClick: () => void navigate({ to: '/account/workspaces' }) },
    { id: 'audit-log', label: 'Audit log', description: 'Who did what', onClick: () => void navigate({ to: '/administration/audit-log' }) },
    ...(projects ?? []).map((p) => ({
      id: `project-${p.id}`,
      label: p.id,
      description: p.source,
      onClick: () => void navigate({ to: '/projects/$project', params: { project: p.id } }),
    })),
  ];
  return (
    <Spotlight
      actions={actions}
      shortcut={null}
      nothingFound="Nothing by that name"
      highlightQuery
      scrollable
      maxHeight={380}
      searchProps={{ placeholder: 'Go to a screen or a project', 'aria-label': 'Go to a screen or a project' }}
    />
  );
}
