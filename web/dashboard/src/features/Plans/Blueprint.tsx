import { SegmentedControl } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../../api/client.ts';
import type { BlueprintView } from '../../api/types.ts';
import { Card } from '../../app/Card.tsx';
import { Icon } from '../../app/Icon.tsx';
import { Asked } from '../../app/States.tsx';
import { CommandButton } from '../Identity/CommandButton.tsx';
import { BlueprintCost } from './BlueprintCost.tsx';
import { BlueprintFiles } from './BlueprintFiles.tsx';
import { BlueprintRisk } from './BlueprintRisk.tsx';
import { BlueprintRules } from './BlueprintRules.tsx';

const platforms = [
  { value: 'ecs', label: 'ECS on Fargate' },
  { value: 'eks', label: 'Kubernetes (EKS)' },
];

const generate = (project: string, plan: number, compute: string): Promise<BlueprintView> =>
  ask(api.POST('/v1/blueprints/generate', { headers: { 'Idempotency-Key': crypto.randomUUID() }, body: { project, plan, compute } }));

/** What a plan means beyond this machine. Asked for by a person: the server keeps the files it makes. */
export function Blueprint({ project, plan }: { project: string; plan: number }) {
  const [wanted, setWanted] = useState(false);
  const [compute, setCompute] = useState('ecs');
  const made = useQuery({
    queryKey: ['blueprint', project, plan, compute],
    queryFn: () => generate(project, plan, compute),
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
  return (
    <Asked query={made} what="the blueprint" rows={3} rowHeight={150}>
      {(b) => (
        <>
          {b.risk && <BlueprintRisk risk={b.risk} />}
          <BlueprintRules results={b.policies} />
          <SegmentedControl
            aria-label="What runs the containers"
            data={platforms}
            value={compute}
            onChange={setCompute}
            disabled={made.isPlaceholderData}
          />
          <BlueprintCost cost={b.cost_estimate} />
          <BlueprintFiles blueprint={b} />
        </>
      )}
    </Asked>
  );
}
