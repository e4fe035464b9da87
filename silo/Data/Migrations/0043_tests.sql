-- What the tests of each build said: history that tells which tests waver, and which passed on the version that is stable.
-- The report itself is a document, by the digest here.
CREATE TABLE prodsprint.test_run (
  workspace text NOT NULL,
  project   text NOT NULL,
  run       bigint GENERATED ALWAYS AS IDENTITY,
  commit    text NOT NULL,
  digest    text NOT NULL,
  -- of the commit's files without its documents: two commits with one are the same code
  code      text NOT NULL,
  at        timestamptz NOT NULL,
  passed    integer NOT NULL,
  failed    integer NOT NULL,
  skipped   integer NOT NULL,
  coverage  double precision,
  PRIMARY KEY (workspace, project, run)
);
CREATE UNIQUE INDEX test_run_once ON prodsprint.test_run (workspace, project, commit, digest);
CREATE INDEX test_run_at ON prodsprint.test_run (workspace, project, at DESC);
SELECT prodsprint.secure_table('prodsprint.test_run', 'SELECT, INSERT, DELETE', 'SELECT');

-- test: of suite and name, 16 bytes, because names are longer than an index takes. outcome: 0 passed, 1 failed, 2 skipped.
CREATE TABLE prodsprint.test_outcome (
  workspace text NOT NULL,
  project   text NOT NULL,
  run       bigint NOT NULL,
  test      bytea NOT NULL,
  suite     text NOT NULL,
  name      text NOT NULL,
  outcome   smallint NOT NULL,
  wavered   boolean NOT NULL,
  PRIMARY KEY (workspace, project, run, test)
);
CREATE INDEX test_outcome_of ON prodsprint.test_outcome (workspace, project, test);
CREATE INDEX test_outcome_bad ON prodsprint.test_outcome (workspace, project) WHERE outcome = 1 OR wavered;
SELECT prodsprint.secure_table('prodsprint.test_outcome', 'SELECT, INSERT, DELETE', 'SELECT');

CREATE TABLE prodsprint.test_quarantine (
  workspace text NOT NULL,
  project   text NOT NULL,
  test      bytea NOT NULL,
  suite     text NOT NULL,
  name      text NOT NULL,
  reason    text NOT NULL,
  ticket    text,
  made_by   text NOT NULL,
  since     timestamptz NOT NULL,
  until     timestamptz NOT NULL,
  ended_at  timestamptz,
  ended_by  text,
  PRIMARY KEY (workspace, project, test)
);
SELECT prodsprint.secure_table('prodsprint.test_quarantine', 'SELECT, INSERT, UPDATE', 'SELECT');
