import type { DatabaseSync } from 'node:sqlite';
import {
  canonicalText,
  leafDigest,
  parseRecord,
  type Digest,
  type Json,
  type JsonObject,
} from '@chancery/kernel/encoding';
import type { Row } from './scene.ts';

export type Attack = (database: DatabaseSync) => void;

/** Changes bits of one byte of an entry's text, leaving the digest that stands beside it. */
export function flip({ position, text }: Row, offset: number, mask: number): Attack {
  const bytes = Buffer.from(text);
  bytes[offset] = (bytes[offset] ?? 0) ^ mask;
  return (database) => {
    database
      .prepare('UPDATE entries SET text = CAST(? AS TEXT) WHERE position = ?')
      .run(bytes, position);
  };
}

export function remove(...rows: readonly Row[]): Attack {
  return (database) => {
    const statement = database.prepare('DELETE FROM entries WHERE position = ?');
    for (const { position } of rows) statement.run(position);
  };
}

/** Each of the two texts at the place of the other, with the digest that belongs to it. */
export function swapTexts(one: Row, other: Row): Attack {
  return (database) => {
    put(database, one.position, other.text);
    put(database, other.position, one.text);
  };
}

/** The two entries trade their positions in the order of the whole ledger. */
export function swapPositions(one: Row, other: Row): Attack {
  return (database) => {
    const statement = database.prepare('UPDATE entries SET position = ? WHERE position = ?');
    statement.run(-1, one.position);
    statement.run(one.position, other.position);
    statement.run(other.position, -1);
  };
}

/** Rewrites an entry, and gives all that follow in its stream the links and causes that then fit. */
export function rewrite(
  rows: readonly Row[],
  target: Row,
  change: (body: JsonObject) => JsonObject,
): Attack {
  const following = rows.filter(({ stream, seq }) => stream === target.stream && seq >= target.seq);
  return (database) => {
    const renamed = new Map<Json | undefined, Digest>();
    for (const { position, text } of following) {
      const entry = entryOf(text);
      const { prev = null, cause = null, body } = entry;
      const links = { prev: renamed.get(prev) ?? prev, cause: renamed.get(cause) ?? cause };
      const isFirst = renamed.size === 0;
      const altered = { ...entry, ...links, body: isFirst ? change(body as JsonObject) : body };
      renamed.set(leafDigest(text), put(database, position, canonicalText(altered)));
    }
  };
}

export function entryOf(text: string): JsonObject {
  const parsed = parseRecord(text);
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  return parsed.value as JsonObject;
}

function put(database: DatabaseSync, position: number, text: string): Digest {
  const digest = leafDigest(text);
  database
    .prepare('UPDATE entries SET text = ?, digest = ? WHERE position = ?')
    .run(text, Buffer.from(digest, 'hex'), position);
  return digest;
}

/** Changes one byte of the contents that entries refer to. */
export function editBlob(digest: Digest): Attack {
  return (database) => {
    const statement = database.prepare('SELECT bytes FROM blobs WHERE digest = ?');
    const bytes = Buffer.from(statement.get(digest)?.['bytes'] as Uint8Array);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    database.prepare('UPDATE blobs SET bytes = ? WHERE digest = ?').run(bytes, digest);
  };
}

export function removeBlob(digest: Digest): Attack {
  return (database) => {
    database.prepare('DELETE FROM blobs WHERE digest = ?').run(digest);
  };
}
