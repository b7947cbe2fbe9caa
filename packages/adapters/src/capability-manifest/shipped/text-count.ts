import type { Manifest } from '@chancery/kernel/manifest';

/** A program in the sandbox: how many lines a file has. */
export const textCount: Manifest = {
  v: 1,
  name: 'text.count',
  version: '1.0.0',
  description: 'Counts the lines of a file of the workspace.',
  effect: 'write',
  risk: 'low',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['file'],
    properties: { file: { type: 'string', minLength: 1, maxLength: 4096 } },
  },
  output: {
    type: 'object',
    additionalProperties: false,
    required: ['text'],
    properties: { text: { type: 'string' } },
  },
  roles: { file: 'path' },
  authors: { text: 'service' },
  limits: { timeoutMs: 10_000, inputBytes: 8_192, outputBytes: 8_192 },
  executor: {
    kind: 'command',
    argv: ['wc', '-l', '--', '{file}'],
    stdin: null,
    credentials: [],
    output: 'text',
    success: [0],
    observed: { text: '/stdout' },
  },
  reconcile: null,
  compensate: null,
};
