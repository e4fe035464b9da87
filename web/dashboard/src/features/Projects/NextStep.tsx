import { Link } from '@tanstack/react-router';
import type { PlanView, ProjectView } from '../../api/types.ts';
import { Command } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';

/** One sentence about what to do now, and the command that does it. */
export function NextStep({ project, plan }: { project: ProjectView; plan: PlanView | null }) {
  const blockers = plan?.document?.blockers?.length ?? 0;
  const { text, command } =
    /import|audit/i.test(project.state) && !/fail|ed$/i.test(project.state)
      ? { text: project.message ?? 'The repository is being read. This takes seconds.', command: null }
    : !plan ? { text: project.message ?? 'Make a plan: what would be built and run, and how each step is taken back.', command: `prodsprint plan ${project.id}` }
    : plan.status === 'approved' ? { text: 'The plan is approved: release it.', command: `prodsprint release ${project.id} --watch` }
    : blockers > 0 ? { text: `${blockers === 1 ? 'One blocker stands' : `${blockers} blockers stand`} between the plan and its approval.`, command: `prodsprint plan ${project.id}` }
    : { text: 'The plan is ready: someone has to approve it.', command: `prodsprint approve ${project.id}` };
  return (
    <div className={ui.row}>
      <span><strong>Next:</strong> {text}</span>
      {plan && plan.status !== 'approved' && <Link to="/projects/$project/plan" params={{ project: project.id }}>See the plan</Link>}
      {command && <Command line={command} />}
    </div>
  );
}
