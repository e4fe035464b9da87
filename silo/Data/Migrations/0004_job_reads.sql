-- A payload or result as JSON if it is JSON, else as a JSON string: one handler's odd result must not break a list.
CREATE FUNCTION prodsprint.json_or_text(value text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN value::jsonb;
EXCEPTION WHEN others THEN
  RETURN to_jsonb(value);
END $$;
