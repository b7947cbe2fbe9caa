import type { Manifest } from '@chancery/kernel/manifest';

/**
 * Posts an event to a webhook, signed by Standard Webhooks where it is lent the secret. The address is
 * to be changed for that of the receiver: it is part of what is signed.
 */
export const webhookPost: Manifest = {
  v: 1,
  name: 'webhook.post',
  version: '1.0.0',
  description:
    'Posts an event to the webhook of this house: a type such as build.finished, and its data. The ' +
    'receiver gets one event once, however often it is sent.',
  effect: 'irreversible',
  risk: 'medium',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['type', 'data'],
    properties: {
      type: {
        type: 'string',
        maxLength: 128,
        pattern: '^[a-zA-Z0-9_]+(?:\\.[a-zA-Z0-9_]+)*$',
        description: 'What happened, in the past tense.',
      },
      data: { type: 'object', maxProperties: 64, description: 'What the receiver is to know.' },
      secrets: {
        type: 'array',
        maxItems: 1,
        items: { type: 'string', maxLength: 100 },
        description: 'The secret of the webhook (whsec_…), as signature=vault:NAME.',
      },
    },
  },
  output: {
    type: 'object',
    additionalProperties: false,
    required: ['status'],
    properties: { status: { type: 'integer', minimum: 200, maximum: 299 } },
  },
  roles: { type: 'object', data: 'text', secrets: 'credential' },
  authors: { status: 'third-party' },
  limits: { timeoutMs: 30_000, inputBytes: 20_480, outputBytes: 1_024 },
  executor: {
    kind: 'http',
    method: 'POST',
    url: 'https://hooks.example.org/chancery',
    query: {},
    headers: {
      'user-agent': 'chancery',
      'idempotency-key': '{$action}',
      'webhook-id': 'msg_{$action}',
      'webhook-timestamp': '{$seconds}',
    },
    body: { type: '{type}', data: '{data}' },
    credentials: [],
    signing: { scheme: 'standard-webhooks', credential: 'signature' },
    success: [200, 201, 202, 204],
    observed: { status: '/status' },
  },
  reconcile: null,
  compensate: null,
};
