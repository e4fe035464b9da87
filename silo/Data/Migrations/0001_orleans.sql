-- The tables of Microsoft.Orleans' ADO.NET providers (storage, reminders, membership), column for column, so that a cluster of genuine
-- Orleans can be switched on over the same data. Statements and functions are our own; the query keys, parameter names and result columns
-- are what the providers ask for. They look for them on the search path of their connection: search_path=orleans.

CREATE SCHEMA IF NOT EXISTS orleans;
SET LOCAL search_path = orleans;

CREATE TABLE orleansquery (
    querykey varchar(64) NOT NULL CONSTRAINT orleansquery_key PRIMARY KEY,
    querytext varchar(8000) NOT NULL
);

-- States of grains --------------------------------------------------------------------------------------------------------------------

CREATE TABLE orleansstorage (
    grainidhash integer NOT NULL,
    grainidn0 bigint NOT NULL,
    grainidn1 bigint NOT NULL,
    graintypehash integer NOT NULL,
    graintypestring varchar(512) NOT NULL,
    grainidextensionstring varchar(512),
    serviceid varchar(150) NOT NULL,
    payloadbinary bytea,
    modifiedon timestamp without time zone NOT NULL,
    version integer
);

-- Orleans has no unique index here, so two first writes at the same time leave two rows of one grain. This one lets the second fail.
CREATE UNIQUE INDEX ux_orleansstorage ON orleansstorage
    (grainidhash, graintypehash, grainidn0, grainidn1, graintypestring, grainidextensionstring, serviceid) NULLS NOT DISTINCT;

-- Rows are rewritten again and again: free space on each page keeps the new version beside the old and the index unchanged.
ALTER TABLE orleansstorage SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- Returns the new version; the old one (or null) tells the provider that the row was not as expected.
CREATE FUNCTION writetostorage(
    _grainidhash integer, _grainidn0 bigint, _grainidn1 bigint, _graintypehash integer, _graintypestring varchar,
    _grainidextensionstring varchar, _serviceid varchar, _grainstateversion integer, _payloadbinary bytea)
RETURNS TABLE (newgrainstateversion integer) LANGUAGE plpgsql AS $$
DECLARE
    written integer;
BEGIN
    IF _grainstateversion IS NULL THEN
        INSERT INTO orleansstorage AS s (grainidhash, grainidn0, grainidn1, graintypehash, graintypestring, grainidextensionstring,
                                         serviceid, payloadbinary, modifiedon, version)
        VALUES (_grainidhash, _grainidn0, _grainidn1, _graintypehash, _graintypestring, _grainidextensionstring,
                _serviceid, _payloadbinary, now() AT TIME ZONE 'utc', 1)
        ON CONFLICT DO NOTHING
        RETURNING s.version INTO written;
    ELSE
        UPDATE orleansstorage AS s
        SET payloadbinary = _payloadbinary, modifiedon = now() AT TIME ZONE 'utc', version = s.version + 1
        WHERE s.grainidhash = _grainidhash AND s.graintypehash = _graintypehash AND s.grainidn0 = _grainidn0 AND s.grainidn1 = _grainidn1
          AND s.graintypestring = _graintypestring AND s.grainidextensionstring IS NOT DISTINCT FROM _grainidextensionstring
          AND s.serviceid = _serviceid AND s.version = _grainstateversion
        RETURNING s.version INTO written;
    END IF;
    RETURN QUERY SELECT COALESCE(written, _grainstateversion);
END
$$;

INSERT INTO orleansquery (querykey, querytext) VALUES
('WriteToStorageKey',
 'SELECT * FROM writetostorage(@GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId, @GrainStateVersion, @PayloadBinary)'),
('ReadFromStorageKey',
 'SELECT payloadbinary AS "PayloadBinary", now() AT TIME ZONE ''utc'', version AS "Version" FROM orleansstorage
  WHERE grainidhash = @GrainIdHash AND graintypehash = @GrainTypeHash AND grainidn0 = @GrainIdN0 AND grainidn1 = @GrainIdN1
    AND graintypestring = @GrainTypeString AND grainidextensionstring IS NOT DISTINCT FROM @GrainIdExtensionString::varchar AND serviceid = @ServiceId'),
('ClearStorageKey',
 'UPDATE orleansstorage SET payloadbinary = NULL, version = version + 1
  WHERE grainidhash = @GrainIdHash AND graintypehash = @GrainTypeHash AND grainidn0 = @GrainIdN0 AND grainidn1 = @GrainIdN1
    AND graintypestring = @GrainTypeString AND grainidextensionstring IS NOT DISTINCT FROM @GrainIdExtensionString::varchar
    AND serviceid = @ServiceId AND version = @GrainStateVersion
  RETURNING version AS NewGrainStateVersion'),
('DeleteStorageKey',
 'DELETE FROM orleansstorage
  WHERE grainidhash = @GrainIdHash AND graintypehash = @GrainTypeHash AND grainidn0 = @GrainIdN0 AND grainidn1 = @GrainIdN1
    AND graintypestring = @GrainTypeString AND grainidextensionstring IS NOT DISTINCT FROM @GrainIdExtensionString::varchar
    AND serviceid = @ServiceId AND version = @GrainStateVersion
  RETURNING version + 1 AS NewGrainStateVersion');

-- Reminders ---------------------------------------------------------------------------------------------------------------------------

CREATE TABLE orleansreminderstable (
    serviceid varchar(150) NOT NULL,
    grainid varchar(150) NOT NULL,
    remindername varchar(150) NOT NULL,
    starttime timestamptz(3) NOT NULL,
    period bigint NOT NULL,
    grainhash integer NOT NULL,
    version integer NOT NULL,
    CONSTRAINT pk_reminderstable_serviceid_grainid_remindername PRIMARY KEY (serviceid, grainid, remindername)
);

CREATE INDEX ix_orleansreminderstable_grainhash ON orleansreminderstable (serviceid, grainhash);

INSERT INTO orleansquery (querykey, querytext) VALUES
('UpsertReminderRowKey',
 'INSERT INTO orleansreminderstable AS r (serviceid, grainid, remindername, starttime, period, grainhash, version)
  VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
  ON CONFLICT (serviceid, grainid, remindername) DO UPDATE
  SET starttime = excluded.starttime, period = excluded.period, grainhash = excluded.grainhash, version = r.version + 1
  RETURNING version'),
('ReadReminderRowsKey',
 'SELECT grainid, remindername, starttime, period, version FROM orleansreminderstable WHERE serviceid = @ServiceId AND grainid = @GrainId'),
('ReadReminderRowKey',
 'SELECT grainid, remindername, starttime, period, version FROM orleansreminderstable
  WHERE serviceid = @ServiceId AND grainid = @GrainId AND remindername = @ReminderName'),
('ReadRangeRows1Key',
 'SELECT grainid, remindername, starttime, period, version FROM orleansreminderstable
  WHERE serviceid = @ServiceId AND grainhash > @BeginHash AND grainhash <= @EndHash'),
('ReadRangeRows2Key',
 'SELECT grainid, remindername, starttime, period, version FROM orleansreminderstable
  WHERE serviceid = @ServiceId AND (grainhash > @BeginHash OR grainhash <= @EndHash)'),
('DeleteReminderRowKey',
 'WITH gone AS (DELETE FROM orleansreminderstable
    WHERE serviceid = @ServiceId AND grainid = @GrainId AND remindername = @ReminderName AND version = @Version RETURNING 1)
  SELECT count(*)::integer FROM gone'),
('DeleteReminderRowsKey', 'DELETE FROM orleansreminderstable WHERE serviceid = @ServiceId');

-- Membership: only a cluster of genuine Orleans uses these. -----------------------------------------------------------------------------

CREATE TABLE orleansmembershipversiontable (
    deploymentid varchar(150) NOT NULL CONSTRAINT pk_orleansmembershipversiontable_deploymentid PRIMARY KEY,
    timestamp timestamptz(3) NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 0
);

CREATE TABLE orleansmembershiptable (
    deploymentid varchar(150) NOT NULL REFERENCES orleansmembershipversiontable (deploymentid),
    address varchar(45) NOT NULL,
    port integer NOT NULL,
    generation integer NOT NULL,
    siloname varchar(150) NOT NULL,
    hostname varchar(150) NOT NULL,
    status integer NOT NULL,
    proxyport integer,
    suspecttimes varchar(8000),
    starttime timestamptz(3) NOT NULL,
    iamalivetime timestamptz(3) NOT NULL,
    CONSTRAINT pk_membershiptable_deploymentid PRIMARY KEY (deploymentid, address, port, generation)
);

-- A change of a silo's row counts only together with a step of the table's version: 1 when both happened, 0 when neither did.
CREATE FUNCTION insert_membership(
    _deployment varchar, _address varchar, _port integer, _generation integer, _siloname varchar, _hostname varchar, _status integer,
    _proxyport integer, _starttime timestamptz, _iamalivetime timestamptz, _version integer)
RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM orleansmembershipversiontable WHERE deploymentid = _deployment AND version = _version FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    INSERT INTO orleansmembershiptable (deploymentid, address, port, generation, siloname, hostname, status, proxyport, starttime, iamalivetime)
    VALUES (_deployment, _address, _port, _generation, _siloname, _hostname, _status, _proxyport, _starttime, _iamalivetime)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    UPDATE orleansmembershipversiontable SET timestamp = now(), version = version + 1 WHERE deploymentid = _deployment;
    RETURN 1;
END
$$;

CREATE FUNCTION update_membership(
    _deployment varchar, _address varchar, _port integer, _generation integer, _status integer, _suspecttimes varchar,
    _iamalivetime timestamptz, _version integer)
RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM orleansmembershipversiontable WHERE deploymentid = _deployment AND version = _version FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    UPDATE orleansmembershiptable SET status = _status, suspecttimes = _suspecttimes, iamalivetime = _iamalivetime
    WHERE deploymentid = _deployment AND address = _address AND port = _port AND generation = _generation;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    UPDATE orleansmembershipversiontable SET timestamp = now(), version = version + 1 WHERE deploymentid = _deployment;
    RETURN 1;
END
$$;

INSERT INTO orleansquery (querykey, querytext) VALUES
('InsertMembershipVersionKey',
 'WITH made AS (INSERT INTO orleansmembershipversiontable (deploymentid) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
  SELECT count(*)::integer FROM made'),
('InsertMembershipKey',
 'SELECT insert_membership(@DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime, @Version)'),
('UpdateMembershipKey',
 'SELECT update_membership(@DeploymentId, @Address, @Port, @Generation, @Status, @SuspectTimes, @IAmAliveTime, @Version)'),
('UpdateIAmAlivetimeKey',
 'UPDATE orleansmembershiptable SET iamalivetime = @IAmAliveTime
  WHERE deploymentid = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation'),
('MembershipReadRowKey',
 'SELECT v.deploymentid, m.address, m.port, m.generation, m.siloname, m.hostname, m.status, m.proxyport, m.suspecttimes, m.starttime,
         m.iamalivetime, v.version
  FROM orleansmembershipversiontable v LEFT JOIN orleansmembershiptable m
    ON m.deploymentid = v.deploymentid AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
  WHERE v.deploymentid = @DeploymentId'),
('MembershipReadAllKey',
 'SELECT v.deploymentid, m.address, m.port, m.generation, m.siloname, m.hostname, m.status, m.proxyport, m.suspecttimes, m.starttime,
         m.iamalivetime, v.version
  FROM orleansmembershipversiontable v LEFT JOIN orleansmembershiptable m ON m.deploymentid = v.deploymentid
  WHERE v.deploymentid = @DeploymentId'),
('GatewaysQueryKey',
 'SELECT address, proxyport, generation FROM orleansmembershiptable WHERE deploymentid = @DeploymentId AND status = @Status AND proxyport > 0'),
('DeleteMembershipTableEntriesKey',
 'DELETE FROM orleansmembershiptable WHERE deploymentid = @DeploymentId;
  DELETE FROM orleansmembershipversiontable WHERE deploymentid = @DeploymentId'),
('CleanupDefunctSiloEntriesKey',
 'DELETE FROM orleansmembershiptable WHERE deploymentid = @DeploymentId AND iamalivetime < @IAmAliveTime AND status <> 3');

-- The engine's role may use all of this and change none of it.
DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'prodsprint_orleans') THEN
        GRANT USAGE ON SCHEMA orleans TO prodsprint_orleans;
        GRANT SELECT ON orleansquery TO prodsprint_orleans;
        GRANT SELECT, INSERT, UPDATE, DELETE ON orleansstorage, orleansreminderstable, orleansmembershiptable, orleansmembershipversiontable
            TO prodsprint_orleans;
    END IF;
END
$$;

RESET search_path;
