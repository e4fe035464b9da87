import type { AttestationView } from '../../api/types.ts';

/** What an attestation says, as far as it can be read; whether it counts is another question. */
export interface Statement {
  kind: 'build' | 'deployment' | 'other';
  /** Of the artifact that it speaks of. */
  subject: string | null;
  builder: string | null;
  source: string | null;
  commit: string | null;
  ref: string | null;
  startedOn: string | null;
  finishedOn: string | null;
  tests: { passed: number; failed: number } | null;
  lockFiles: string[];
  commands: string[];
  environment: string | null;
  version: string | null;
  release: number | null;
  text: string;
}

const build = 'https://slsa.dev/provenance/v1';
const deployment = 'https://prodsprint.dev/attestations/deployment/v1';

/** A step into JSON of which nothing is known: what is not there is null. */
const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((v, name) => (typeof v === 'object' && v !== null ? (v as Record<string, unknown>)[name] : undefined), value) ??
  null;
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
const number = (value: unknown) => (typeof value === 'number' ? value : null);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function payloadOf(envelope: string): unknown {
  const bytes = Uint8Array.from(atob(String(at(JSON.parse(envelope), 'payload'))), (c) => c.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** Null: the envelope holds nothing that can be read. */
export function readStatement({ envelope, predicateType }: Pick<AttestationView, 'envelope' | 'predicateType'>): Statement | null {
  let payload: unknown;
  try {
    payload = payloadOf(envelope);
  } catch {
    return null;
  }
  const predicate = at(payload, 'predicate');
  const [asked, run] = [at(predicate, 'buildDefinition', 'externalParameters'), at(predicate, 'runDetails')];
  const counted = at(predicate, 'buildDefinition', 'internalParameters');
  const [passed, failed] = [number(at(counted, 'testsPassed')), number(at(counted, 'testsFailed'))];
  const sha = text(at(list(at(payload, 'subject'))[0], 'digest', 'sha256'));
  return {
    kind: predicateType === build ? 'build' : predicateType === deployment ? 'deployment' : 'other',
    subject: sha && `sha256:${sha}`,
    builder: text(at(run, 'builder', 'id')) ?? text(at(predicate, 'deployer', 'id')),
    source: text(at(asked, 'source'))?.replace(/^git\+/, '') ?? null,
    commit: text(at(asked, 'commit')) ?? text(at(predicate, 'commit')),
    ref: text(at(asked, 'ref')),
    startedOn: text(at(run, 'metadata', 'startedOn')) ?? text(at(predicate, 'startedOn')),
    finishedOn: text(at(run, 'metadata', 'finishedOn')),
    tests: passed === null && failed === null ? null : { passed: passed ?? 0, failed: failed ?? 0 },
    lockFiles: list(at(predicate, 'buildDefinition', 'resolvedDependencies'))
      .filter((one) => text(at(one, 'digest', 'sha256')) !== null)
      .map((one) => text(at(one, 'name')) ?? ''),
    commands: list(at(asked, 'services')).flatMap((s) =>
      ['install', 'build', 'test'].map((step) => text(at(s, step))).filter((line) => line !== null),
    ),
    environment: text(at(predicate, 'environment')),
    version: text(at(predicate, 'version')),
    release: number(at(predicate, 'release')),
    text: JSON.stringify(payload, null, 2),
  };
}

/** Why it does not count for this artifact; null when a key of the workspace says it, and of this one. */
export function fault(view: Pick<AttestationView, 'problem' | 'keyId'>, statement: Statement | null, artifact: string): string | null {
  if (view.problem) return view.problem;
  if (!view.keyId) return 'No key of this workspace has signed it.';
  if (!statement) return 'What was signed cannot be read.';
  return statement.subject === artifact ? null : `It speaks of another artifact: ${statement.subject ?? 'none'}.`;
}

/** A build is done by ProdSprint's own targets, or by somebody else. */
export const builderName = (id: string | null) => (id?.startsWith('https://prodsprint.dev/builders/target/') ? 'a ProdSprint target' : id);
