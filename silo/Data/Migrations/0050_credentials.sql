-- What a directory shows ends by itself, and one sees whether it is still used.
ALTER TABLE prodsprint.sign_in_connection ADD scim_token_expires timestamptz, ADD scim_token_used timestamptz;
UPDATE prodsprint.sign_in_connection SET scim_token_expires = now() + interval '1 year' WHERE scim_token IS NOT NULL;
ALTER TABLE prodsprint.sign_in_connection ADD CHECK (scim_token IS NULL OR scim_token_expires IS NOT NULL);

-- Answers that were kept for those who ask again, and held a secret in clear: invitations, directories' tokens, and where a login is linked.
DELETE FROM prodsprint.idempotency_key WHERE position('"psi_'::bytea IN body) > 0 OR position('"psc_'::bytea IN body) > 0 OR position('"location":"http'::bytea IN body) > 0;

-- To send once more what did not arrive is a permission of its own, because it needs no step-up; tokens go on having it.
UPDATE identity.token SET permissions = permissions || 'webhooks.send'::text WHERE 'webhooks.write' = ANY (permissions);
