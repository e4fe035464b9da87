-- Organisations own workspaces. Above all workspaces, so no row here belongs to one: only the worker's role reads them, and every question names who asks.
CREATE TABLE prodsprint.organisation (
  id         text PRIMARY KEY,
  title      text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE prodsprint.organisation_admin (
  organisation text NOT NULL REFERENCES prodsprint.organisation (id),
  actor        text NOT NULL,
  added_by     text NOT NULL,
  added_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organisation, actor)
);
CREATE INDEX organisation_admin_actor ON prodsprint.organisation_admin (actor);
CREATE TABLE prodsprint.workspace_owner (
  name         text PRIMARY KEY,
  organisation text REFERENCES prodsprint.organisation (id),
  title        text NOT NULL,
  created_by   text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX workspace_owner_organisation ON prodsprint.workspace_owner (organisation, name);
SELECT prodsprint.secure_table('prodsprint.organisation', NULL, 'SELECT, INSERT, UPDATE');
SELECT prodsprint.secure_table('prodsprint.organisation_admin', NULL, 'SELECT, INSERT, DELETE');
SELECT prodsprint.secure_table('prodsprint.workspace_owner', NULL, 'SELECT, INSERT');

-- Which workspaces is someone a member of? Found by what the views of workspaces hold.
CREATE INDEX resource_view_members ON prodsprint.resource_view USING gin ((body -> 'members') jsonb_path_ops) WHERE kind = 'workspace';
