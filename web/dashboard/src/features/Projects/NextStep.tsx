import { Link } from '@tanstack/react-router';
import type { PlanView, ProjectView } from '../../api/types.ts';
import { Command } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';

interface Step {
  text: string;
  command?: string;
}

function nextStep(project: ProjectView, plan: PlanView | null): Step {
  const id = project.id;
  if (project.state === 'importing') return { text: 'The repository is being cloned and read. This takes seconds.' };
  if (project.state === 'import-failed')
    return { text: project.problem ?? 'The import failed.', command: `prodsprint import ${project.source}` };
  const blockers = plan?.document?.blockers?.length ?? 0;
  switch (plan?.status) {
    case undefined:
      return {
        text: 'Make a plan: what would be built and run, and how each step is taken back.',
        command: `prodsprint plan --project ${id}`,
      };
    case 'generating':
      return { text: 'The plan is being made. Nothing of the repository is executed for it.' };
    case 'failed':
      return { text: plan?.problem ?? 'The plan could not be made.', command: `prodsprint plan --project ${id}` };
    case 'approved':
      return { text: 'The plan is approved: release it.', command: `prodsprint release --project ${id} --watch` };
    default:
      return blockers > 0
        ? {
            text: `${blockers === 1 ? 'One blocker stands' : `${blockers} blockers stand`} between the plan and its approval.`,
            command: `prodsprint plan --project ${id}`,
          }
        : { text: 'The plan is ready: someone has to approve it.', command: `prodsprint approve --project ${id}` };
  }
}

/** One sentence about what to do now, and the command that does it. */
export function NextStep({ project, plan }: { project: ProjectView; plan: PlanView | null }) {
  const { text, command } = nextStep(project, plan);
  return (
    <div className={ui.row}>
      <span>
        <strong>Next:</strong> {text}
      </span>
      {plan && plan.status !== 'approved' && (
        <Link to="/projects/$project/plan" params={{ project: project.id }}>
          See the plan
        </Link>
      )}
      {command && <Command line={command} />}
    </div>
  );
}
