import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { api, ApiProblem, ask } from '../../api/client.ts';
import type { BlueprintView, Saving } from '../../api/types.ts';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import css from './Blueprint.module.css';
import { asBody, type Choices } from './choices.ts';

/** Between two looks at a branch that is being written. */
const pause = 400;

/** As against a file, which is shown below with the others. */
const isLine = (c: BlueprintView['plan_diff'][number]) => !`${c.before}${c.after}`.includes('\n');

/** Asks for the branch and waits until it is written: what it is called, or why it is not there. */
async function write(
  project: string,
  number: number,
  compute: string,
  choices: Choices,
  chosen: Saving[],
  reason: string,
  key: string,
): Promise<string> {
  const path = { project, number };
  const files = chosen.some((s) => !s.change?.limits);
  await ask(
    api.POST('/v1/projects/{project}/plans/{number}/branch', {
      params: { path },
      headers: { 'Idempotency-Key': key },
      body: { ...asBody(choices), apply: chosen.map((s) => s.code), compute, infrastructure: files, pipelines: false, reason },
    }),
  );
  for (;;) {
    const { branch } = await ask(api.GET('/v1/projects/{project}/plans/{number}/branch', { params: { path } }));
    if (branch.state === 'written') return branch.name;
    if (branch.state === 'failed')
      throw new ApiProblem({ title: `${branch.name} was not written`, detail: branch.problem ?? undefined }, 409);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** The savings that the figures below are with, and the one click that makes them real: a branch, and a plan of it for somebody to approve. */
export function Chosen({
  project,
  plan,
  compute,
  choices,
  chosen,
  changes,
  leave,
}: {
  project: string;
  plan: number;
  compute: string;
  choices: Choices;
  chosen: Saving[];
  /** Against the same plan without them. */
  changes: BlueprintView['plan_diff'];
  leave: () => void;
}) {
  const navigate = useNavigate();
  const limits = chosen.some((s) => s.change?.limits);
  const send = async (reason: string, key: string) => {
    const ref = await write(project, plan, compute, choices, chosen, reason, key);
    if (!limits) return;
    await ask(
      api.POST('/v1/projects/{project}/plans', {
        params: { path: { project } },
        headers: { 'Idempotency-Key': `${key}-plan` },
        body: { ref, reason },
      }),
    );
    await navigate({ to: '/projects/$project/plan', params: { project } });
  };
  return (
    <div className={css.chosen} role="group" aria-label="Carried out in these figures">
      <ul>
        {chosen.map((s) => (
          <li key={s.code}>{s.how}.</li>
        ))}
        {changes.filter(isLine).map((c) => (
          <li key={c.path}>
            {c.path}: <del>{c.before}</del> <ins>{c.after}</ins>
          </li>
        ))}
      </ul>
      <span className={css.buttons}>
        <CommandWithDialog
          action="WritePlanBranch"
          label={limits ? 'Plan it' : 'Write a branch'}
          inRow
          variant="filled"
          later="never"
          changes={['plans', 'plan']}
          send={send}
          done={limits ? 'The branch is written, and a plan of it is being made.' : 'The branch is written.'}
          consequence={
            limits
              ? 'prodsprint.yml is changed in a branch of the repository, and a plan is made of that branch. Nothing else runs before somebody has approved that plan.'
              : 'The Terraform files with this change are written as a branch of the repository. Nothing is applied.'
          }
        />
        <Button size="compact-sm" variant="default" onClick={leave}>
          Without it
        </Button>
      </span>
    </div>
  );
}
