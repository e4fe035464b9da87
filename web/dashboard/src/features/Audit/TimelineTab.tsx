import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { timelineQuery } from '../../api/queries.ts';
import { Card } from '../../app/Card.tsx';
import { count } from '../../app/format.ts';
import { Asked } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { useProjectId } from '../Projects/ProjectPage.tsx';
import { TimelineList } from './TimelineList.tsx';

type Who = 'all' | 'people' | 'system';
const page = 100;

export function TimelineTab() {
  const timeline = useQuery(timelineQuery(useProjectId()));
  const [actors, setActors] = useState<Who>('all');
  const [shown, setShown] = useState(page);
  return (
    <Card
      label="Timeline"
      aside={
        <SegmentedControl
          size="xs"
          aria-label="Who acted"
          value={actors}
          onChange={(v) => setActors(v as Who)}
          data={[
            { value: 'all', label: 'All' },
            { value: 'people', label: 'People' },
            { value: 'system', label: 'ProdSprint' },
          ]}
        />
      }
    >
      <Asked query={timeline} what="the timeline" rows={8} rowHeight={36}>
        {(list) => {
          const some = list.filter((e) => actors === 'all' || e.actor.startsWith('system:') === (actors === 'system'));
          return (
            <div className={ui.stack}>
              <TimelineList entries={some.slice(0, shown)} />
              {some.length > shown && (
                <p>
                  <button type="button" className={ui.link} onClick={() => setShown(shown + page)}>
                    Show more ({count(some.length - shown)} older)
                  </button>
                </p>
              )}
            </div>
          );
        }}
      </Asked>
    </Card>
  );
}
