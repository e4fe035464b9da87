-- Routes that were asked for in production and answered well. What looks as if it varies (numbers, tokens, addresses) was taken out before they were told.
CREATE TABLE prodsprint.route_seen (
  workspace text NOT NULL,
  project   text NOT NULL,
  route     text NOT NULL,
  last_at   timestamptz NOT NULL,
  PRIMARY KEY (workspace, project, route)
);
SELECT prodsprint.secure_table('prodsprint.route_seen', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT');
