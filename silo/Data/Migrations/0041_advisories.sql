-- Known weaknesses in OSV's format, as a workspace imported them, and which packages they are about (keys of grains/Supply/Vulnerabilities/Findings.cs).
CREATE TABLE prodsprint.advisory (
  workspace   text NOT NULL,
  id          text NOT NULL,
  modified    timestamptz NOT NULL,
  body        text NOT NULL,
  imported_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace, id)
);
SELECT prodsprint.secure_table('prodsprint.advisory', 'SELECT, INSERT, UPDATE', 'SELECT');

CREATE TABLE prodsprint.advisory_package (
  workspace text NOT NULL,
  package   text NOT NULL,
  id        text NOT NULL,
  PRIMARY KEY (workspace, package, id)
);
CREATE INDEX advisory_package_of ON prodsprint.advisory_package (workspace, id);
SELECT prodsprint.secure_table('prodsprint.advisory_package', 'SELECT, INSERT, DELETE', 'SELECT');
