/** Stands in the header of the file: "CHNC". */
export const applicationId = 0x43_48_4e_43;

/** Version of the tables below, in the header of the file as `user_version`. */
export const formatVersion = 2;

const tables = {
  streams: `CREATE TABLE streams (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT`,
  // The digest is that of the text as it was written, so that a later change of the last text of a
  // stream, which no other entry names, is found all the same. It has no index: that would halve
  // the speed of writing, and the chain names entries by place.
  entries: `CREATE TABLE entries (
  position INTEGER PRIMARY KEY,
  stream INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  text TEXT NOT NULL,
  digest BLOB NOT NULL,
  UNIQUE (stream, seq)
) STRICT`,
  blobs: `CREATE TABLE blobs (
  digest TEXT PRIMARY KEY,
  media_type TEXT NOT NULL,
  bytes BLOB NOT NULL
) STRICT`,
} as const;

function refusing(verb: 'UPDATE' | 'DELETE', table: string): string {
  return `CREATE TRIGGER ${table}_refuse_${verb.toLowerCase()} BEFORE ${verb} ON ${table}
BEGIN
  SELECT RAISE(ABORT, 'a ledger is append-only');
END`;
}

const refusals = Object.keys(tables).flatMap((table) => [
  refusing('UPDATE', table),
  refusing('DELETE', table),
]);

/** A blob goes when an entry on the ledger says so, and not otherwise. */
const prunedOnly = `CREATE TRIGGER blobs_refuse_delete BEFORE DELETE ON blobs
WHEN NOT EXISTS (
  SELECT 1 FROM streams s JOIN entries e ON e.stream = s.id
  WHERE s.name = 'ledger' AND instr(e.text, '"kind":"blob.pruned"') AND instr(e.text, OLD.digest)
)
BEGIN
  SELECT RAISE(ABORT, 'a ledger is append-only');
END`;

/** Every object of the first format, as `sqlite_schema` gives it back. */
const firstSchema: readonly string[] = [...Object.values(tables), ...refusals];

/** Every object of the database, as `sqlite_schema` gives it back. */
export const schema: readonly string[] = firstSchema.map((sql) =>
  sql === refusing('DELETE', 'blobs') ? prunedOnly : sql,
);

/** The objects of a database of each format that this version reads. */
export const schemas: Readonly<Record<number, readonly string[]>> = { 1: firstSchema, 2: schema };

/** Brings a database of the first format to the second, in one transaction. */
export const upgrade = `BEGIN IMMEDIATE;
DROP TRIGGER blobs_refuse_delete;
${prunedOnly};
PRAGMA user_version = 2;
COMMIT`;
