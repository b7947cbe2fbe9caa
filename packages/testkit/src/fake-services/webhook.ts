import { createHmac, timingSafeEqual } from 'node:crypto';
import { listening, type Listening } from './listening.ts';

export interface FakeWebhook extends Listening {
  /** Events that were taken, each once, whatever came twice. */
  readonly events: readonly { readonly id: string; readonly body: string }[];
}

/** Tolerance of Standard Webhooks for the clocks of both sides. */
const toleranceSeconds = 300;

/** A receiver of Standard Webhooks 1.0: it takes what bears a signature of its secret, and each id once. */
export async function startFakeWebhook(secret: string): Promise<FakeWebhook> {
  const events: { readonly id: string; readonly body: string }[] = [];
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const server = await listening(({ method, headers, body }, response) => {
    const [id, time, given] = ['id', 'timestamp', 'signature'].map((name) =>
      String(headers[`webhook-${name}`] ?? ''),
    ) as [string, string, string];
    const wanted = Buffer.from(
      `v1,${createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64')}`,
    );
    const signature = Buffer.from(given);
    const isSigned =
      signature.length === wanted.length && timingSafeEqual(signature, wanted) && id !== '';
    const isNow = Math.abs(Date.now() / 1_000 - Number(time)) < toleranceSeconds;
    if (method !== 'POST') response.writeHead(405, { allow: 'POST' }).end();
    else if (!isSigned || !isNow) response.writeHead(401).end('no signature that is known');
    else {
      if (!events.some((event) => event.id === id)) events.push({ id, body });
      response.writeHead(204).end();
    }
  });
  return { ...server, events };
}
