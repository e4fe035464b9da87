-- The key that a workspace's secrets are sealed with, itself wrapped by the installation's master key, which is not in the database.
CREATE TABLE prodsprint.secret_key (
  workspace text PRIMARY KEY,
  -- Which master key wraps it: says nothing of it.
  master    text NOT NULL,
  wrapped   bytea NOT NULL,
  made_at   timestamptz NOT NULL DEFAULT now()
);
SELECT prodsprint.secure_table('prodsprint.secret_key', 'SELECT, INSERT, UPDATE', NULL);

-- Sealed values, by the reference that the secret's grain knows them by. Deleted when a version ends; what no version names is a value that was sealed and never taken.
CREATE TABLE prodsprint.secret_value (
  workspace   text NOT NULL,
  project     text NOT NULL,
  environment text NOT NULL,
  name        text NOT NULL,
  reference   text NOT NULL,
  sealed      bytea NOT NULL,
  -- As the provider calls it, once it is known.
  provider_id text,
  made_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace, project, environment, name, reference)
);
SELECT prodsprint.secure_table('prodsprint.secret_value', 'SELECT, INSERT, UPDATE, DELETE', NULL);
