import type { Contract } from '@chancery/kernel/contract';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Methods that ask for nothing but an answer (RFC 9110, 9.2.1). */
export const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD']);

export const timeLimits = { maxMs: 120_000, defaultMs: 30_000 };

/** Bytes of an answer's body that an observation holds. */
export const bodyBytes = 262_144;

const sentBytes = 1_048_576;

/** Headers that say where a request goes, how long it is or how it is carried: they are ours to set. */
const ours =
  'host|connection|content-length|transfer-encoding|te|trailer|upgrade|keep-alive|expect|' +
  'accept-encoding|proxy-.*';

/** A token of RFC 9110 in lower case; what says who asks is a secret of the vault. */
const headerName = `^(?!(?:${ours}|authorization|cookie)$)[a-z0-9!#$%&'*+.^_\`|~-]{1,64}$`;

/** No control but a tab, so that a value ends no line. */
const headerValue = '^[\\t\\u0020-\\u007e\\u0080-\\u00ff]*$';

/** A header in lower case, and the handle of the secret that is its value. */
const credential = `^(?!(?:${ours})=)[a-z][a-z0-9-]{0,63}=vault:[a-z0-9][a-z0-9._-]{0,62}$`;

/** One request over HTTP. Any answer of the server, an error too, is what is observed. */
export const contract: Contract = {
  name: 'http.fetch',
  version: '1.0.0',
  description:
    'Makes one HTTP request and shows the answer. No redirection is followed: to go on, ask again with ' +
    'the location that is shown. Private and local addresses are not reached. Put no secret into it: ' +
    'name one of the vault in credentials.',
  effect: 'external',
  risk: 'medium',
  input: {
    type: 'object',
    additionalProperties: false,
    properties: {
      url: { type: 'string', minLength: 1, maxLength: 8192 },
      method: { enum: [...methods] },
      headers: {
        type: 'object',
        maxProperties: 32,
        propertyNames: { pattern: headerName },
        additionalProperties: { type: 'string', maxLength: 4096, pattern: headerValue },
        description: 'By lower-case name.',
      },
      body: { type: 'string', maxLength: sentBytes },
      timeoutMs: { type: 'integer', minimum: 1, maximum: timeLimits.maxMs },
      credentials: {
        type: 'array',
        maxItems: 4,
        items: { type: 'string', maxLength: 160, pattern: credential },
        description:
          'Headers whose values are secrets of the vault, as header=vault:NAME. You never see a value.',
      },
    },
    required: ['url'],
  },
  output: {
    type: 'object',
    additionalProperties: false,
    required: ['url', 'address', 'status', 'type', 'location', 'sizeBytes', 'truncated'],
    properties: {
      url: { type: 'string' },
      address: { type: 'string' },
      status: { type: 'integer', minimum: 0, maximum: 999 },
      type: { type: ['string', 'null'] },
      location: { type: ['string', 'null'] },
      text: { type: 'string' },
      base64: { type: 'string' },
      sizeBytes: { type: 'integer', minimum: 0 },
      truncated: { type: 'boolean' },
    },
  },
  roles: {
    url: 'destination',
    method: 'object',
    headers: 'text',
    body: 'text',
    timeoutMs: 'amount',
    credentials: 'credential',
  },
  authors: {
    url: 'service',
    address: 'service',
    status: 'third-party',
    type: 'third-party',
    location: 'third-party',
    text: 'third-party',
    base64: 'third-party',
    sizeBytes: 'service',
    truncated: 'service',
  },
  limits: {
    timeoutMs: timeLimits.maxMs + 5_000,
    inputBytes: 2 * sentBytes,
    outputBytes: 2 * bodyBytes,
  },
  estimate: {
    tokens: 0,
    costMicrousd: 0,
    calls: 1,
    wallMs: timeLimits.defaultMs,
    cpuMs: 0,
    bytesOut: 0,
  },
  compensable: false,
  reconcilable: true,
  failures: [
    'args.changed',
    'cancelled',
    'net.forbidden-address',
    'net.unresolved',
    'net.unreachable',
    'net.cut-off',
    'net.unsendable',
    'net.timeout',
  ],
};
