import { useQuery } from '@tanstack/react-query';
import { projectQuery } from '../../api/queries.ts';
import { Asked } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { FreezeCard } from './FreezeCard.tsx';
import { useProjectId } from './ProjectPage.tsx';
import { VariablesCard } from './VariablesCard.tsx';

/** What is true of a project whatever is released: when nothing may be, and what its copies are told. */
export function SettingsTab() {
  const project = useQuery(projectQuery(useProjectId()));
  return (
    <Asked query={project} what="the settings" rows={2} rowHeight={160}>
      {(p) => (
        <div className={ui.page}>
          <FreezeCard project={p} />
          <VariablesCard project={p} />
        </div>
      )}
    </Asked>
  );
}
