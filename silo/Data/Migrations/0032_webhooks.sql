-- Where a workspace wants to be told what happens in it. Secrets are sealed with a key that is not in the database (silo/Data/SecretBox.cs).
CREATE TABLE prodsprint.webhook (
  workspace      text NOT NULL,
  id             text NOT NULL,
  url            text NOT NULL,
  events         text[] NOT NULL,
  paused         boolean NOT NULL DEFAULT false,
  secret         bytea NOT NULL,
  -- The one before, which signs as well until then.
  previous       bytea,
  previous_until timestamptz,
  created_by     text NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  version        bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace, id)
);
SELECT prodsprint.secure_table('prodsprint.webhook', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT, UPDATE');

-- What was sent, or is to be: one row per event and webhook, its job carries it out. state: pending, delivered, failed.
CREATE TABLE prodsprint.webhook_delivery (
  workspace  text NOT NULL,
  id         text NOT NULL,
  webhook    text NOT NULL,
  event      text NOT NULL,
  body       text NOT NULL,
  state      text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
  attempts   integer NOT NULL DEFAULT 0,
  replays    integer NOT NULL DEFAULT 0,
  status     integer,
  problem    text,
  created_at timestamptz NOT NULL DEFAULT now(),
  ended_at   timestamptz,
  PRIMARY KEY (workspace, id)
);
CREATE INDEX webhook_delivery_listed ON prodsprint.webhook_delivery (workspace, webhook, created_at DESC, id DESC);
SELECT prodsprint.secure_table('prodsprint.webhook_delivery', 'SELECT, INSERT, UPDATE', 'SELECT, INSERT, UPDATE, DELETE');

-- Up to which row of the timeline deliveries were made. One row; whoever holds its lock makes them, in the transaction that moves it.
CREATE TABLE prodsprint.webhook_cursor (one boolean PRIMARY KEY CHECK (one), seq bigint NOT NULL);
SELECT prodsprint.secure_table('prodsprint.webhook_cursor', NULL, 'SELECT, UPDATE');
INSERT INTO prodsprint.webhook_cursor (one, seq) SELECT true, coalesce(max(seq), 0) FROM prodsprint.timeline;
