import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { SecretView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { count, none, sentence } from '../../app/format.ts';
import { Asked, Empty } from '../../app/States.tsx';
import { Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { useProjectId } from '../Projects/ProjectPage.tsx';
import { SetSecret } from './SecretDialogs.tsx';
import css from './Secrets.module.css';
import { secretsQuery } from './secrets.ts';
import { byEnvironment, currentOf, kinds, nextRotation, stateOf } from './secretState.ts';

export function State({ secret }: { secret: SecretView }) {
  const { tone, icon, text } = stateOf(secret);
  return (
    <Tag tone={tone} icon={icon} small>
      {text}
    </Tag>
  );
}

export function NextRotation({ secret }: { secret: SecretView }) {
  const next = nextRotation(secret);
  return 'at' in next ? <Ago at={next.at} /> : <>{next.text}</>;
}

function Row({ secret: s }: { secret: SecretView }) {
  return (
    <tr>
      <td className={css.name}>
        <Link
          to="/projects/$project/infrastructure/secrets/$environment/$name"
          params={{ project: s.project, environment: s.environment, name: s.name }}
        >
          <code>{s.name}</code>
        </Link>
        <div className={`${ui.small} muted`}>{kinds[s.kind]}</div>
      </td>
      <td>
        <State secret={s} />
      </td>
      <td className={`${ui.n} ${ui.wide}`}>{currentOf(s)?.number ?? none}</td>
      <td className={`${ui.wide} muted`}>
        <Ago at={currentOf(s)?.currentAt} />
      </td>
      <td className={`${ui.wide} muted`}>
        <NextRotation secret={s} />
      </td>
    </tr>
  );
}

/** What services are given and nobody is shown, by environment. */
export function SecretsTab() {
  const project = useProjectId();
  const secrets = useQuery(secretsQuery(project));
  return (
    <div className={ui.page}>
      <div className={ui.top}>
        <p>Values go in and are never shown again. What is shown: which there are, which version is in use, and when it changes.</p>
        <SetSecret project={project} />
      </div>
      <Asked
        query={secrets}
        what="the secrets"
        rows={2}
        rowHeight={140}
        empty={
          <Empty
            icon="key"
            title="No secrets yet"
            command={`prodsprint secrets set PAYMENT_TOKEN --project ${project} --environment production`}
          >
            A token, a key or a database’s password: sealed, versioned, and given to this project’s services by its name. ProdSprint rotates
            passwords and API keys itself.
          </Empty>
        }
      >
        {(list) =>
          byEnvironment(list).map(([environment, some]) => (
            <Card
              key={environment}
              label={sentence(environment)}
              aside={`${count(some.length)} ${some.length === 1 ? 'secret' : 'secrets'}`}
            >
              <Table
                label={`Secrets of ${environment}`}
                columns={[
                  'Name',
                  'State',
                  { head: 'Version', wide: true, n: true },
                  { head: 'Since', wide: true },
                  { head: 'Next rotation', wide: true },
                ]}
              >
                {some.map((s) => (
                  <Row key={s.name} secret={s} />
                ))}
              </Table>
            </Card>
          ))
        }
      </Asked>
    </div>
  );
}
