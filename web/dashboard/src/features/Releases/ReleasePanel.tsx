import { useQuery } from '@tanstack/react-query';
import { evidenceQuery, noTraffic, trafficQuery } from '../../api/queries.ts';
import type { PlanView, ProjectView, ReleaseView } from '../../api/types.ts';
import { Ago, Took } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { count, duration, instant, milliseconds, shortCommit, shortDigest, who } from '../../app/format.ts';
import ui from '../../app/ui.module.css';
import { seconds } from '../../api/span.ts';
import { useNow } from '../../live/clock.ts';
import { Evidence } from '../Gates/Evidence.tsx';
import { Tag, Verdict } from '../Gates/Verdict.tsx';
import { TrafficCharts } from '../Telemetry/TrafficCharts.tsx';
import { WeightBar } from '../Traffic/WeightBar.tsx';
import { shares } from '../Traffic/weights.ts';
import { FreezeOverrideNote } from './FreezeOverrideNote.tsx';
import { headlineIn } from './phase.ts';
import { Pipeline } from './Pipeline.tsx';
import { stations } from './pipelinePicture.ts';
import { ReleaseActions } from './ReleaseActions.tsx';
import { ReleaseMessage } from './ReleaseMessage.tsx';
import css from './ReleasePanel.module.css';

/** What the step still needs before it may go on. */
function StepProgress({ release }: { release: ReleaseView }) {
  const now = useNow();
  const step = release.steps[release.step];
  const stage = release.stages.find((s) => s.state === 'running');
  const started = instant(stage?.startedAt);
  if (!step || started === null || !['canary', 'paused', 'held'].includes(release.phase)) return null;
  const baked = (now - started) / 1000;
  const min = seconds(step.minBake) ?? 0;
  const max = seconds(step.maxBake);
  const seen = stage?.figures?.requests;
  return (
    <p className={css.progress}>
      Step {release.step + 1} of {release.steps.length}: at least {duration(min)}
      {max ? `, at most ${duration(max)}` : ''}, {duration(Math.floor(Math.max(0, baked)), true)} so far
      {step.minRequests > 0 && (
        <>
          ; {count(step.minRequests)} requests needed{seen === undefined ? '' : `, ${count(seen)} seen`}
        </>
      )}
      .
    </p>
  );
}

function Summary({ release, stableRelease }: { release: ReleaseView; stableRelease?: number | null }) {
  const h = headlineIn(release, stableRelease);
  return (
    <div className={css.summary}>
      <div className={css.names}>
        <h2>{release.version}</h2>
        <Tag tone={h.tone} icon={h.icon} testId="headline">
          {h.text}
        </Tag>
        {release.judgement && release.phase !== 'ended' && <Verdict verdict={release.judgement.verdict} />}
        {release.attempt > 1 && <Tag tone="plain">Attempt {release.attempt}</Tag>}
      </div>
      <ReleaseMessage text={release.message} />
    </div>
  );
}

function Facts({ release }: { release: ReleaseView }) {
  return (
    <div>
      <StepProgress release={release} />
      <p className={css.meta}>
        Release {release.number} of <code>{shortCommit(release.commit)}</code>, started by {who(release.startedBy)}{' '}
        <Ago at={release.startedAt} />, {release.endedAt ? 'took' : 'running for'} <Took from={release.startedAt} to={release.endedAt} />
        {release.artifactDigest && (
          <>
            , artifact <code>{shortDigest(release.artifactDigest)}</code>
          </>
        )}
        {release.verdictToStableMs != null && (
          <>
            . <strong>Verdict to stable: {milliseconds(release.verdictToStableMs)}</strong>
          </>
        )}
      </p>
    </div>
  );
}

/** One release in full: where it is, who gets how much, what is observed and what the judge makes of it. */
export function ReleasePanel({
  project,
  plan,
  release,
  past = false,
}: {
  project: ProjectView;
  plan: PlanView | null;
  release: ReleaseView;
  past?: boolean;
}) {
  const traffic = useQuery(trafficQuery(project.id)).data ?? noTraffic;
  const looks = useQuery(evidenceQuery(project.id, release.number)).data ?? [];
  // Each step begins without evidence.
  const history = looks.filter((look) => look.step === release.step);
  const running = release.phase !== 'ended';
  const split = shares(running ? release : null, project.stable?.version);
  // After a rollback the version taken back stays on the charts as long as its traffic is in the window.
  const seen = !running && release.version !== project.stable?.version && traffic.points.some((p) => p.version === release.version);
  const onCharts = seen ? [...split, { version: release.version, weightPercent: 0, role: 'canary' as const }] : split;
  return (
    <div className={ui.stack} style={{ gap: 22 }}>
      <section className={`${ui.card} ${css.hero}`} aria-label={`Release ${release.version}`}>
        <div className={css.head}>
          <Summary release={release} stableRelease={project.stable?.release} />
          <ReleaseActions release={release} />
        </div>
        <Facts release={release} />
        <FreezeOverrideNote release={release} />
        <Pipeline list={stations(project, plan, release)} id={`p-${project.id}-${release.number}`} />
      </section>
      {!past && (
        <Card label="Production traffic" aside={traffic.points.length > 0 ? 'last 5 minutes' : 'no request in the last 5 minutes'}>
          <div className={ui.stack} style={{ gap: 20 }}>
            {split.length > 0 ? <WeightBar list={split} /> : <p className="muted">No version has production traffic yet.</p>}
            {onCharts.length > 0 && <TrafficCharts traffic={traffic} list={onCharts} />}
          </div>
        </Card>
      )}
      {release.judgement && (
        <Card label="The judge" aside={<Verdict verdict={release.judgement.verdict} />}>
          <Evidence judgement={release.judgement} history={history} />
        </Card>
      )}
    </div>
  );
}
