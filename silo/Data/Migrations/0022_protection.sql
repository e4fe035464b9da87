-- Keys with which servers protect what only they may read (sign-ins under way, secrets of connections, second factors). One ring for all servers; each key is
-- encrypted with one that is derived from the servers' secret and stands nowhere, so that a copy of the database opens nothing.
CREATE TABLE identity.protection_key (
  name    text PRIMARY KEY,
  xml     text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now()
);
SELECT identity.secure('identity.protection_key', 'SELECT, INSERT');
