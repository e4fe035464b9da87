-- "What was done to this, and to what lies below it?" With a million rows the other answer is to read them all.
CREATE INDEX audit_log_resource ON prodsprint.audit_log (workspace, resource COLLATE "C", seq);
