-- What people of a workspace write to each other and to those who run the server: tickets (support) and posts (community). What a status means is said in
-- web/Moderation/ThreadKind.cs; one that it does not know (written by a newer server, imported from elsewhere) is shown as unknown and kept as it is.
CREATE TABLE prodsprint.thread (
  workspace  text NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('ticket', 'post')),
  id         text NOT NULL,
  title      text NOT NULL,
  body       text NOT NULL,
  status     text NOT NULL,
  author     text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  version    bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace, kind, id)
);
CREATE INDEX thread_listed ON prodsprint.thread (workspace, kind, created_at DESC, id DESC);
SELECT prodsprint.secure_table('prodsprint.thread', 'SELECT, INSERT, UPDATE', NULL);
