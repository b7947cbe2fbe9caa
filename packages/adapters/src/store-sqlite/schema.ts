/** Stands in the header of the file: "CHNC". */
export const applicationId = 0x43_48_4e_43;

/** Version of the tables below, in the header of the file as `user_version`. */
export const formatVersion = 1;

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

/** Every object of the database, as `sqlite_schema` gives it back. */
export const schema: readonly string[] = [
  ...Object.values(tables),
  ...Object.keys(tables).flatMap((table) => [refusing('UPDATE', table), refusing('DELETE', table)]),
];
