-- Lists of releases and plans are newest first, whatever happens to an old one later.
ALTER TABLE prodsprint.resource_view ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX resource_view_listed ON prodsprint.resource_view (workspace, kind, created_at DESC, key DESC);
