import type { Notification } from '@chancery/domain/notifications';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { Courier } from '@chancery/runtime/notifications';
import { signatureHeader, type WebhookSigning } from './signature.ts';

export interface WebhookOptions extends WebhookSigning {
  readonly url: URL;
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
}

const patienceMs = 10_000;

/**
 * Sends notifications by POST as JSON, signed as Standard Webhooks has it. Follows no redirection,
 * since what it leads to was not named by the user.
 */
export function webhookCourier(options: WebhookOptions): Courier {
  return { deliver: (notification) => post(options, notification) };
}

/** Refuses `hook.invalid` for what is no URL to send to: HTTPS, or HTTP on this very machine. */
export function readWebhookUrl(text: string): Result<URL> {
  const url = URL.parse(text);
  const isOfWeb = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url));
  if (url === null || !isOfWeb || url.username !== '' || url.password !== '' || url.hash !== '') {
    return refused('hook.invalid', `${shown(text)} is no address of a webhook`, {
      remedy: 'Give an https:// URL without a user; http:// only for this machine itself.',
    });
  }
  return done(url);
}

async function post(
  { url, nowMs, ...by }: WebhookOptions,
  notification: Notification,
): Promise<Result<null>> {
  const body = JSON.stringify(notification);
  const timestamp = String(Math.floor(nowMs() / 1_000));
  const headers = {
    'content-type': 'application/json',
    'webhook-id': notification.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatureHeader({ id: notification.id, timestamp, body }, by),
  };
  try {
    const signal = AbortSignal.timeout(patienceMs);
    const request = { method: 'POST', body, headers, redirect: 'error', signal } as const;
    const response = await fetch(url, request);
    await response.body?.cancel();
    return response.ok ? done(null) : unreachable(url, `HTTP status ${response.status}`);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return unreachable(url, causeOf(error));
  }
}

/** Of a failed `fetch`, the cause says more. */
function causeOf(error: Error): string {
  const { cause } = error;
  if (error.name === 'TimeoutError') return `no answer within ${patienceMs / 1_000} s`;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}

/** What follows the host may be a secret: many services have it in the path. */
function unreachable(url: URL, why: string): Result<never> {
  return refused('hook.unreachable', `${url.origin}: ${why}`);
}

function shown(text: string): string {
  const url = URL.parse(text);
  return url === null ? 'what was given' : `${url.protocol}//${url.host}/…`;
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
