/** Rows of entries that a statement has room for; `any` number comes as arrays. */
export type RowCount = number | 'any';

export interface AppendShape {
  readonly rows: RowCount;
  /** Whether streams are made. */
  readonly hasStreams: boolean;
  /** Whether blobs are kept. */
  readonly hasBlobs: boolean;
}

/** A text that a connection prepares once, under its name. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
}

/**
 * Numbers of rows that a statement is prepared for. A row of parameters costs the server and this
 * process a fifth less than one of arrays, but each number of rows is a statement of its own.
 */
const rowCounts = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256];

/** The least room that so many entries fit in. */
export function rowsOf(entries: number): RowCount {
  return rowCounts.find((rows) => rows >= entries) ?? 'any';
}

const statements = new Map<string, Prepared>();

/**
 * Writes at one end of the ledger or nowhere. The update takes the lock of the ledger's row until
 * the commit, and finds no row if the end has moved; nothing else is inserted then. What comes with
 * few groups is left out of the statement of the others: each part costs, also where it has no row.
 *
 * Parameters: ledger, its end before, its end after (position, stream); ids and names of streams;
 * digests, media types and bytes of blobs; then stream, seq, text and digest of each entry.
 */
export function appendStatement(shape: AppendShape): Prepared {
  const { rows, hasStreams, hasBlobs } = shape;
  const name = `append ${rows}${hasStreams ? ' streams' : ''}${hasBlobs ? ' blobs' : ''}`;
  const known = statements.get(name);
  if (known !== undefined) return known;
  const made = { name, text: textOf(shape) };
  statements.set(name, made);
  return made;
}

function textOf({ rows, hasStreams, hasBlobs }: AppendShape): string {
  const streamsFrom = 5;
  const blobsFrom = streamsFrom + (hasStreams ? 2 : 0);
  const entriesFrom = blobsFrom + (hasBlobs ? 3 : 0);
  return `WITH moved AS (
  UPDATE chancery.ledgers SET next_position = $3, next_stream = $4
  WHERE id = $1 AND next_position = $2 RETURNING id
)${hasStreams ? streamsText(streamsFrom) : ''}${hasBlobs ? blobsText(blobsFrom) : ''}
INSERT INTO chancery.entries (ledger, position, stream, seq, text, digest)
SELECT moved.id, $2 + e.place - 1, e.stream, e.seq, e.text, e.digest
FROM moved, ${rows === 'any' ? arraysText(entriesFrom) : rowsText(entriesFrom, rows)}
WHERE e.stream IS NOT NULL`;
}

const streamsText = (from: number): string => `, named AS (
  INSERT INTO chancery.streams (ledger, id, name)
  SELECT moved.id, s.id, s.name FROM moved, unnest($${from}::int[], $${from + 1}::text[]) AS s (id, name)
)`;

const blobsText = (from: number): string => `, kept AS (
  INSERT INTO chancery.blobs (ledger, digest, media_type, bytes)
  SELECT moved.id, b.digest, b.media_type, b.bytes
  FROM moved, unnest($${from}::bytea[], $${from + 1}::text[], $${from + 2}::bytea[])
    AS b (digest, media_type, bytes)
  ON CONFLICT DO NOTHING
)`;

const arraysText = (
  from: number,
): string => `unnest($${from}::int[], $${from + 1}::bigint[], $${from + 2}::text[], $${from + 3}::bytea[])
  WITH ORDINALITY AS e (stream, seq, text, digest, place)`;

function rowsText(from: number, rows: number): string {
  const texts = Array.from({ length: rows }, (_, index) => {
    const at = from + index * 4;
    return `($${at}::int, $${at + 1}::bigint, $${at + 2}::text, $${at + 3}::bytea, ${index + 1})`;
  });
  return `(VALUES ${texts.join(', ')}) AS e (stream, seq, text, digest, place)`;
}
