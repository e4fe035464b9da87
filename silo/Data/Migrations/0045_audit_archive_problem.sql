-- Why what is old could not be archived when the server last tried; no row: nothing is wrong.
CREATE TABLE prodsprint.audit_archive_problem (
  workspace text PRIMARY KEY,
  problem   text NOT NULL,
  -- What to do about it.
  next      text NOT NULL,
  since     timestamptz NOT NULL,
  tried_at  timestamptz NOT NULL
);
SELECT prodsprint.secure_table('prodsprint.audit_archive_problem', 'SELECT', 'SELECT, INSERT, UPDATE, DELETE');
