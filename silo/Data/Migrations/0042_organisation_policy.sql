-- What an organisation asks of everybody who comes into a workspace of its own, whatever the workspace itself asks.
ALTER TABLE prodsprint.organisation ADD COLUMN second_factor boolean NOT NULL DEFAULT false;
