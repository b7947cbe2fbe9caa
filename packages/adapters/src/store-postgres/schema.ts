/** What each version of the format adds, from version 1 on. Never changed, only followed. */
export const migrations: readonly string[] = [
  `
CREATE TABLE chancery.ledgers (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE,
  next_position bigint NOT NULL DEFAULT 0,
  next_stream integer NOT NULL DEFAULT 1
) WITH (fillfactor = 50);

CREATE TABLE chancery.streams (
  ledger integer NOT NULL,
  id integer NOT NULL,
  name text COLLATE "C" NOT NULL,
  PRIMARY KEY (ledger, id),
  UNIQUE (ledger, name)
);

CREATE TABLE chancery.entries (
  ledger integer NOT NULL,
  position bigint NOT NULL,
  stream integer NOT NULL,
  seq bigint NOT NULL,
  text text NOT NULL,
  digest bytea NOT NULL,
  PRIMARY KEY (ledger, position),
  UNIQUE (ledger, stream, seq)
);

CREATE TABLE chancery.blobs (
  ledger integer NOT NULL,
  digest bytea NOT NULL,
  media_type text NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (ledger, digest)
);

CREATE FUNCTION chancery.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a ledger is append-only';
END $$;

CREATE FUNCTION chancery.grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.name <> OLD.name OR NEW.next_position < OLD.next_position
    OR NEW.next_stream < OLD.next_stream THEN
    RAISE EXCEPTION 'a ledger is append-only';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER grow BEFORE UPDATE ON chancery.ledgers
  FOR EACH ROW EXECUTE FUNCTION chancery.grow();
CREATE TRIGGER refuse BEFORE DELETE OR TRUNCATE ON chancery.ledgers
  FOR EACH STATEMENT EXECUTE FUNCTION chancery.refuse();
CREATE TRIGGER refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON chancery.streams
  FOR EACH STATEMENT EXECUTE FUNCTION chancery.refuse();
CREATE TRIGGER refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON chancery.entries
  FOR EACH STATEMENT EXECUTE FUNCTION chancery.refuse();
CREATE TRIGGER refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON chancery.blobs
  FOR EACH STATEMENT EXECUTE FUNCTION chancery.refuse();
`,
  `
CREATE FUNCTION chancery.refuse_unpruned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM chancery.streams s
    JOIN chancery.entries e ON e.ledger = s.ledger AND e.stream = s.id
    WHERE s.ledger = OLD.ledger AND s.name = 'ledger'
      AND strpos(e.text, '"kind":"blob.pruned"') > 0
      AND strpos(e.text, encode(OLD.digest, 'hex')) > 0
  ) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'a ledger is append-only';
END $$;

DROP TRIGGER refuse ON chancery.blobs;
CREATE TRIGGER refuse BEFORE UPDATE OR TRUNCATE ON chancery.blobs
  FOR EACH STATEMENT EXECUTE FUNCTION chancery.refuse();
CREATE TRIGGER refuse_unpruned BEFORE DELETE ON chancery.blobs
  FOR EACH ROW EXECUTE FUNCTION chancery.refuse_unpruned();
`,
  // A condition that the server evaluates itself: each append was a call of PL/pgSQL, a tenth of it.
  `
DROP TRIGGER grow ON chancery.ledgers;
DROP FUNCTION chancery.grow;
CREATE TRIGGER grow BEFORE UPDATE ON chancery.ledgers FOR EACH ROW
  WHEN (NEW.id <> OLD.id OR NEW.name <> OLD.name OR NEW.next_position < OLD.next_position
    OR NEW.next_stream < OLD.next_stream)
  EXECUTE FUNCTION chancery.refuse();
`,
];

export const formatVersion = migrations.length;

/**
 * What the role of the runtime may do: read, append, count, and remove blobs that an entry prunes;
 * nothing that changes an entry.
 */
export const runtimeGrants = (role: string): string => `
GRANT USAGE ON SCHEMA chancery TO ${role};
GRANT SELECT ON ALL TABLES IN SCHEMA chancery TO ${role};
GRANT INSERT ON chancery.ledgers, chancery.streams, chancery.entries, chancery.blobs TO ${role};
GRANT DELETE ON chancery.blobs TO ${role};
GRANT UPDATE (next_position, next_stream) ON chancery.ledgers TO ${role};
`;
