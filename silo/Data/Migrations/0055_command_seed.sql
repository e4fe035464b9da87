-- What a command makes (ids, secrets) is made of its seed: given once more after a server died in the middle of it, it makes the same. A key that has run out, or is used for another request after
-- a fault, has a new one.
ALTER TABLE prodsprint.idempotency_key ADD COLUMN seed uuid NOT NULL DEFAULT gen_random_uuid();
