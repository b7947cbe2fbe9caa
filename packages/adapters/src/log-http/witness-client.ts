import { done, refused, type RefusalCode, type Result } from '@chancery/kernel/refusal';
import type { VerifierKey } from '@chancery/kernel/tree';
import { addCheckpointText } from '@chancery/kernel/witness';
import type { AskedWitness } from '@chancery/runtime/transparency';

/** A few cosignatures, or a line that says why there is none. */
const mostBytes = 16 * 1024;
const sizeForm = /^(0|[1-9][0-9]{0,15})\n$/;
/** What a witness says is shown to a person: a line of it, and not more. */
const reasonForm = /^[^\p{Cc}]{1,300}/u;

const codes: Readonly<Record<number, RefusalCode>> = {
  400: 'witness.malformed',
  403: 'witness.untrusted',
  404: 'witness.unknown-log',
  409: 'witness.forked',
  422: 'witness.forked',
};

/**
 * Asks a witness under `base`, which ends with a slash (C2SP tlog-witness).
 * @param patienceMs how long it waits for the whole of an answer.
 */
export function witnessOverHttp(base: string, key: VerifierKey, patienceMs = 10_000): AskedWitness {
  const url = new URL('add-checkpoint', base);
  return { key, add: (request) => ask(url, addCheckpointText(request), patienceMs) };
}

async function ask(url: URL, body: string, patienceMs: number): Promise<Result<string>> {
  try {
    const signal = AbortSignal.timeout(patienceMs);
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    const response = await fetch(url, { method: 'POST', body, headers, redirect: 'error', signal });
    const text = await textOf(response);
    return text === undefined
      ? unreachable(url, `its answer is longer than ${mostBytes} bytes`)
      : answered(url, response, text);
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) {
      return unreachable(url, error.message);
    }
    throw error;
  }
}

function answered(url: URL, { status, headers }: Response, text: string): Result<string> {
  if (status === 200) return done(text);
  const isSize = status === 409 && headers.get('content-type') === 'text/x.tlog.size';
  if (isSize) {
    const size = sizeForm.exec(text)?.[1];
    if (size === undefined || !Number.isSafeInteger(Number(size))) {
      return refused('witness.malformed', `${url.href}: it tells no size`);
    }
    const why = `${url.href}: it has cosigned ${size} entries`;
    return refused('witness.stale', why, { details: { size: Number(size) } });
  }
  const reason = reasonForm.exec(text)?.[0] ?? `HTTP status ${status}`;
  const code = codes[status];
  return code === undefined
    ? unreachable(url, `HTTP status ${status}: ${reason}`)
    : refused(code, `${url.href}: ${reason}`);
}

async function textOf({ body }: Response): Promise<string | undefined> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    if (bytes > mostBytes) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

function unreachable(url: URL, why: string): Result<never> {
  return refused('witness.unreachable', `${url.href}: ${why}`);
}
