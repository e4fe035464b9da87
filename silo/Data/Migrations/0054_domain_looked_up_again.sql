-- A domain that its DNS has proven is looked up again each day. How many looks in a row found nothing is counted, not the time: a server that was away for a month has not looked.
ALTER TABLE prodsprint.sign_in_domain
  ADD COLUMN looked_at timestamptz,
  ADD COLUMN missed    integer NOT NULL DEFAULT 0 CHECK (missed >= 0);
GRANT UPDATE (looked_at, missed) ON prodsprint.sign_in_domain TO prodsprint_app;
