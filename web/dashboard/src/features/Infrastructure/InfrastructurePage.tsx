import { Outlet } from '@tanstack/react-router';
import { Tabs } from '../../app/Tabs.tsx';
import ui from '../../app/ui.module.css';
import { useProjectId } from '../Projects/ProjectPage.tsx';

/** What a project's environments stand on, and what their services are given. */
export function InfrastructurePage() {
  const base = `/projects/${useProjectId()}/infrastructure`;
  return (
    <div className={ui.page}>
      <Tabs
        label="Infrastructure"
        within
        tabs={[
          { to: base, label: 'Environments', exact: true },
          { to: `${base}/secrets`, label: 'Secrets' },
        ]}
      />
      <Outlet />
    </div>
  );
}
