-- Ways to sign in that a workspace brings along, the sign-ins that are under way, and what a directory has told us by SCIM.
-- A workspace's own rows are the app's, under row-level security; the identity role reads them as well, because who signs in is in no workspace yet.
GRANT USAGE ON SCHEMA prodsprint TO prodsprint_identity;

CREATE TABLE prodsprint.sign_in_connection (
  workspace  text NOT NULL,
  -- Part of addresses that are registered at the provider: never another workspace's.
  id         text NOT NULL UNIQUE CHECK (id ~ '^[a-z0-9]{12}$'),
  kind       text NOT NULL CHECK (kind IN ('oidc', 'saml')),
  name       text NOT NULL,
  enabled    boolean NOT NULL,
  settings   jsonb NOT NULL,
  -- Encrypted by Data Protection.
  secret     text,
  -- SHA-256 of the directory's bearer token.
  scim_token bytea UNIQUE,
  version    bigint NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace, id)
);
SELECT prodsprint.secure_table('prodsprint.sign_in_connection', 'SELECT, INSERT, UPDATE, DELETE', NULL);
CREATE POLICY identity ON prodsprint.sign_in_connection FOR SELECT TO prodsprint_identity USING (true);
GRANT SELECT ON prodsprint.sign_in_connection TO prodsprint_identity;

-- Which connection an address is sent to. One domain, one connection: who states first that it is theirs, has it.
CREATE TABLE prodsprint.sign_in_domain (
  workspace  text NOT NULL,
  domain     text NOT NULL UNIQUE CHECK (domain = lower(domain)),
  connection text NOT NULL,
  stated_by  text NOT NULL,
  stated_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace, domain),
  FOREIGN KEY (workspace, connection) REFERENCES prodsprint.sign_in_connection (workspace, id) ON DELETE CASCADE
);
SELECT prodsprint.secure_table('prodsprint.sign_in_domain', 'SELECT, INSERT, DELETE', NULL);
CREATE POLICY identity ON prodsprint.sign_in_domain FOR SELECT TO prodsprint_identity USING (true);
GRANT SELECT ON prodsprint.sign_in_domain TO prodsprint_identity;

-- Users and groups as a directory sees them. The account is ours, made when the user first comes.
CREATE TABLE prodsprint.scim_user (
  workspace   text NOT NULL,
  connection  text NOT NULL,
  id          uuid NOT NULL,
  user_name   text NOT NULL,
  external_id text,
  active      boolean NOT NULL,
  account     text NOT NULL,
  body        jsonb NOT NULL,
  version     bigint NOT NULL DEFAULT 1,
  created_at  timestamptz NOT NULL DEFAULT now(),
  changed_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace, connection, id),
  FOREIGN KEY (workspace, connection) REFERENCES prodsprint.sign_in_connection (workspace, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX scim_user_name ON prodsprint.scim_user (workspace, connection, lower(user_name));
SELECT prodsprint.secure_table('prodsprint.scim_user', 'SELECT, INSERT, UPDATE, DELETE', NULL);
CREATE POLICY identity ON prodsprint.scim_user FOR SELECT TO prodsprint_identity USING (true);
GRANT SELECT ON prodsprint.scim_user TO prodsprint_identity;

CREATE TABLE prodsprint.scim_group (
  workspace    text NOT NULL,
  connection   text NOT NULL,
  id           uuid NOT NULL,
  display_name text NOT NULL,
  external_id  text,
  members      uuid[] NOT NULL DEFAULT '{}',
  version      bigint NOT NULL DEFAULT 1,
  created_at   timestamptz NOT NULL DEFAULT now(),
  changed_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace, connection, id),
  FOREIGN KEY (workspace, connection) REFERENCES prodsprint.sign_in_connection (workspace, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX scim_group_name ON prodsprint.scim_group (workspace, connection, lower(display_name));
SELECT prodsprint.secure_table('prodsprint.scim_group', 'SELECT, INSERT, UPDATE, DELETE', NULL);
CREATE POLICY identity ON prodsprint.scim_group FOR SELECT TO prodsprint_identity USING (true);
GRANT SELECT ON prodsprint.scim_group TO prodsprint_identity;

-- Sign-ins that were begun: found by the digest of their state, finished once, by the browser that began them, within ten minutes.
CREATE TABLE identity.pending_sign_in (
  state      bytea PRIMARY KEY,
  browser    bytea NOT NULL,
  provider   text NOT NULL,
  nonce      text NOT NULL,
  verifier   text NOT NULL,
  return_to  text NOT NULL,
  -- Whose login it is to become; null: somebody signs in.
  link_to    text,
  -- The session in which they asked for it: a browser sends its cookie not along when it comes from elsewhere.
  link_by    uuid,
  -- What a provider posted, until the browser comes to fetch it.
  answer     jsonb,
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);
CREATE INDEX pending_sign_in_over ON identity.pending_sign_in (expires_at);
SELECT identity.secure('identity.pending_sign_in', 'SELECT, INSERT, UPDATE, DELETE');

-- Assertions that were used, until they would have ended anyway.
CREATE TABLE identity.used_assertion (
  provider   text NOT NULL,
  id         text NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (provider, id)
);
CREATE INDEX used_assertion_over ON identity.used_assertion (expires_at);
SELECT identity.secure('identity.used_assertion', 'SELECT, INSERT, DELETE');
