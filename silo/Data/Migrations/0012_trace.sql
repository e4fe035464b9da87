-- The W3C trace context of what led to a fact or a job (traceparent), so that a trace goes on after a restart. Null: nobody collected traces.
ALTER TABLE prodsprint.timeline ADD COLUMN trace text;
ALTER TABLE prodsprint.job ADD COLUMN trace text;

-- Up to which row of the timeline spans were made. One row; whoever holds its lock makes them.
CREATE TABLE prodsprint.trace_cursor (one boolean PRIMARY KEY CHECK (one), seq bigint NOT NULL);
SELECT prodsprint.secure_table('prodsprint.trace_cursor', NULL, 'SELECT, UPDATE');
INSERT INTO prodsprint.trace_cursor (one, seq) SELECT true, coalesce(max(seq), 0) FROM prodsprint.timeline;
