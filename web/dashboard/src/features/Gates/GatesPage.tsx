import { Outlet } from '@tanstack/react-router';
import { Tabs } from '../../app/Tabs.tsx';
import ui from '../../app/ui.module.css';
import { useProjectId } from '../Projects/ProjectPage.tsx';

/** What has to be so before production, what the tests, the packages and the load say of it, and what somebody answers for. */
export function GatesPage() {
  const base = `/projects/${useProjectId()}/gates`;
  return (
    <div className={ui.page}>
      <Tabs
        label="Gates"
        within
        tabs={[
          { to: base, label: 'Readiness', exact: true },
          { to: `${base}/tests`, label: 'Tests' },
          { to: `${base}/dependencies`, label: 'Dependencies' },
          { to: `${base}/performance`, label: 'Performance' },
          { to: `${base}/waivers`, label: 'Waivers' },
        ]}
      />
      <Outlet />
    </div>
  );
}
