import { SegmentedControl } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../../api/client.ts';
import type { BlueprintView } from '../../api/types.ts';
import { Card } from '../../app/Card.tsx';
import { Icon } from '../../app/Icon.tsx';
import { Asked } from '../../app/States.tsx';
import { CommandButton } from '../Identity/CommandButton.tsx';
import { BlueprintChoices } from './BlueprintChoices.tsx';
import { BlueprintCost } from './BlueprintCost.tsx';
import { BlueprintFiles } from './BlueprintFiles.tsx';
import { BlueprintRisk } from './BlueprintRisk.tsx';
import { BlueprintRules } from './BlueprintRules.tsx';
import { asBody, type Choices, usual } from './choices.ts';
import { Chosen } from './Chosen.tsx';
import { UsageCard } from './UsageCard.tsx';

const platforms = [
  { value: 'ecs', label: 'ECS on Fargate' },
  { value: 'eks', label: 'Kubernetes (EKS)' },
];

const generate = (project: string, plan: number, compute: string, choices: Choices, apply: string[]): Promise<BlueprintView> =>
  ask(
    api.POST('/v1/blueprints/generate', {
      headers: { 'Idempotency-Key': crypto.randomUUID() },
      body: { project, plan, compute, apply, ...asBody(choices) },
    }),
  );

/** What a plan means beyond this machine. Asked for by a person: the server keeps the files it makes. */
export function Blueprint({ project, plan }: { project: string; plan: number }) {
  const [wanted, setWanted] = useState(false);
  const [compute, setCompute] = useState('ecs');
  const [choices, setChoices] = useState(usual);
  const [apply, setApply] = useState<string[]>([]);
  const made = useQuery({
    queryKey: ['blueprint', project, plan, compute, choices, apply],
    queryFn: () => generate(project, plan, compute, choices, apply),
    enabled: wanted,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
  if (!wanted && !made.data)
    return (
      <Card
        label="Blueprint"
        aside={
          <CommandButton
            action="GenerateBlueprint"
            variant="default"
            leftSection={<Icon name="projects" size={16} />}
            onClick={() => setWanted(true)}
          >
            Work it out
          </CommandButton>
        }
      >
        <p className="muted">
          What this plan means in a cloud: Terraform and pipelines as files, what the rules say of them, what they cost in a month, and how
          risky the change is.
        </p>
      </Card>
    );
  // Outside of the answer: what the server refuses has to be changed here.
  const choose = (next: Choices) => {
    setApply([]);
    setChoices(next);
  };
  return (
    <>
      <BlueprintChoices chosen={choices} assumed={made.data?.cost_estimate.usage} choose={choose} />
      <Asked query={made} what="the blueprint" rows={3} rowHeight={150}>
        {(b) => (
          <>
            {b.risk && <BlueprintRisk risk={b.risk} project={project} commit={b.commit} />}
            <BlueprintRules results={b.policies} />
            <SegmentedControl
              aria-label="What runs the containers"
              data={platforms}
              value={compute}
              onChange={(value) => {
                // What saves on one may save nothing on the other.
                setApply([]);
                setCompute(value);
              }}
              disabled={made.isPlaceholderData}
            />
            <UsageCard project={project} />
            {b.applied.length > 0 && (
              <Chosen
                project={project}
                plan={plan}
                compute={compute}
                choices={choices}
                chosen={b.applied}
                changes={b.plan_diff}
                leave={() => setApply([])}
              />
            )}
            <BlueprintCost cost={b.cost_estimate} applied={b.applied.length > 0} choose={(code) => setApply([...apply, code])} />
            <BlueprintFiles blueprint={b} />
          </>
        )}
      </Asked>
    </>
  );
}
