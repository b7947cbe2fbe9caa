import { type Refusal, type RefusalCode, RefusalError } from '@chancery/kernel/refusal';
import type { TileStore, Witness } from '@chancery/runtime/transparency';
import {
  listen,
  telling,
  type Answer,
  type Question,
  type Served,
  type ServeOptions,
} from './listening.ts';

export interface ServedWitness {
  readonly witness: Witness;
  /** The checkpoints that it has cosigned, by their paths. */
  readonly kept: TileStore;
}

/** Statuses of C2SP tlog-witness, by what was refused. */
const statuses: Partial<Readonly<Record<RefusalCode, number>>> = {
  'witness.malformed': 400,
  'witness.untrusted': 403,
  'witness.unknown-log': 404,
  'witness.stale': 409,
  'witness.forked': 422,
};

const keptForm = /^\/([0-9a-f]{64}\/checkpoint)$/;
const utf8 = new TextEncoder();

/**
 * Serves a witness (C2SP tlog-witness): `POST /add-checkpoint`, and `GET /<SHA-256 of the origin>/checkpoint`
 * for whoever compares what it has cosigned.
 * @throws {RefusalError} `usage.invalid` where it cannot listen.
 */
export function serveWitness(served: ServedWitness, options: ServeOptions): Promise<Served> {
  return listen(options, (question) => answerTo(served, options, question));
}

async function answerTo(
  { witness, kept }: ServedWitness,
  { onFailure }: ServeOptions,
  { method, target, body }: Question,
): Promise<Answer> {
  try {
    if (target === '/add-checkpoint') {
      if (method !== 'POST') return telling(405, 'a checkpoint is sent by POST', { allow: 'POST' });
      const text = await body();
      if (text === undefined) return telling(400, 'witness.malformed: too long, or not UTF-8');
      const added = await witness.addCheckpoint(text);
      return added.ok ? plain(added.value) : refusing(added.refusal, onFailure);
    }
    const path = keptForm.exec(target ?? '')?.[1];
    if (path === undefined) return telling(404, 'there is nothing here');
    if (method !== 'GET' && method !== 'HEAD') {
      return telling(405, 'only GET and HEAD are answered', { allow: 'GET, HEAD' });
    }
    const bytes = await kept.read(path);
    return bytes === undefined ? telling(404, 'nothing of this log was cosigned') : plain(bytes);
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    onFailure(error);
    return telling(503, error.refusal.code);
  }
}

function refusing(refused: Refusal, onFailure: ServeOptions['onFailure']): Answer {
  const { code, message, details } = refused;
  // Another tree of the size that was cosigned is a conflict there, and no proof that fails.
  const status = details['isConflict'] === true ? 409 : statuses[code];
  if (status === undefined) {
    // The state of the witness itself: whoever runs it has to look.
    onFailure(new RefusalError(refused));
    return telling(500, code);
  }
  if (code !== 'witness.stale') return telling(status, `${code}: ${message}`);
  return telling(status, `${details['size']}`, { 'content-type': 'text/x.tlog.size' });
}

function plain(body: string | Uint8Array): Answer {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  return { status: 200, headers, body: typeof body === 'string' ? utf8.encode(body) : body };
}
