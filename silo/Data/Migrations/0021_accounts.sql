-- Who there is, how they prove it, and where they are signed in. People belong to the installation, not to a workspace; what they may is the workspaces' business.
-- A schema of its own with a role of its own: neither what reads for people (app) nor the silo's own work (worker) can see a session or a login.
CREATE SCHEMA identity;
REVOKE ALL ON SCHEMA identity FROM PUBLIC;
GRANT USAGE ON SCHEMA identity TO prodsprint_identity;

-- As secure_table(), for tables that are read before anybody knows who asks, and so in which workspace.
CREATE FUNCTION identity.secure(name regclass, rights text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', name);
  EXECUTE format('REVOKE ALL ON TABLE %s FROM PUBLIC', name);
  EXECUTE format('CREATE POLICY owner ON %s TO CURRENT_USER USING (true) WITH CHECK (true)', name);
  EXECUTE format('CREATE POLICY identity ON %s TO prodsprint_identity USING (true) WITH CHECK (true)', name);
  EXECUTE format('GRANT %s ON %s TO prodsprint_identity', rights, name);
END $$;
REVOKE ALL ON FUNCTION identity.secure(regclass, text) FROM PUBLIC;

-- Its id is the actor's name: user:<id>. It is never given to someone else, so an account is disabled, not deleted.
CREATE TABLE identity.account (
  id             text PRIMARY KEY CHECK (id ~ '^[a-z0-9._@-]{1,64}$'),
  name           text,
  email          text,
  email_verified boolean NOT NULL DEFAULT false,
  -- Made at the machine itself (prodsprint accounts enrol --admin); those whom the configuration names are not in here.
  administrator  boolean NOT NULL DEFAULT false,
  created_at     timestamptz NOT NULL DEFAULT now(),
  disabled_at    timestamptz
);
SELECT identity.secure('identity.account', 'SELECT, INSERT, UPDATE');

-- What a provider vouches for. An address is only ever shown: logins are found by provider and subject.
CREATE TABLE identity.login (
  provider       text NOT NULL,
  subject        text NOT NULL,
  account        text NOT NULL REFERENCES identity.account,
  name           text,
  email          text,
  email_verified boolean NOT NULL DEFAULT false,
  linked_at      timestamptz NOT NULL DEFAULT now(),
  used_at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (provider, subject)
);
CREATE INDEX login_account ON identity.login (account);
SELECT identity.secure('identity.login', 'SELECT, INSERT, UPDATE, DELETE');

-- One row is one family of refresh tokens. The tokens are computed from id, generation, seed and the server's secret, and so stand nowhere.
CREATE TABLE identity.session (
  id               uuid PRIMARY KEY,
  account          text NOT NULL REFERENCES identity.account,
  how              text NOT NULL,
  seed             bytea NOT NULL,
  generation       integer NOT NULL DEFAULT 1,
  rotated_at       timestamptz NOT NULL DEFAULT now(),
  created_at       timestamptz NOT NULL DEFAULT now(),
  -- When the person last proved to be themselves, and when they did it by a second factor.
  authenticated_at timestamptz NOT NULL DEFAULT now(),
  factor_at        timestamptz,
  used_at          timestamptz NOT NULL DEFAULT now(),
  origin           text,
  agent            text,
  -- Idle: moves on with each refresh. Ends: does not.
  idle_at          timestamptz NOT NULL,
  ends_at          timestamptz NOT NULL,
  ended_at         timestamptz,
  ended_why        text
);
CREATE INDEX session_account ON identity.session (account, created_at);
CREATE INDEX session_over ON identity.session (least(idle_at, ends_at, ended_at));
SELECT identity.secure('identity.session', 'SELECT, INSERT, UPDATE, DELETE');
