import type { HttpExecutor, Manifest } from '@chancery/kernel/manifest';

const name = { type: 'string', minLength: 1, maxLength: 100, pattern: '^[A-Za-z0-9._-]+$' };

const branch = { type: 'string', minLength: 1, maxLength: 255, pattern: '^[^:\\s]+$' };

const link = { type: 'string', maxLength: 2048 };

/** As GitHub asks of every request to its REST API. */
const headers = {
  accept: 'application/vnd.github+json',
  'user-agent': 'chancery',
  'x-github-api-version': '2022-11-28',
};

const api = {
  kind: 'http',
  query: {},
  headers,
  body: null,
  credentials: ['authorization'],
  signing: null,
  success: [200],
} as const satisfies Partial<HttpExecutor>;

const secrets = {
  type: 'array',
  maxItems: 1,
  items: { type: 'string', maxLength: 100 },
  description:
    'The token of the vault that may write pull requests, as authorization=vault:NAME. You never see it.',
};

/**
 * Opens a pull request on GitHub. What was opened is found again by a mark in its text, and is closed to
 * take it back.
 */
export const githubPullRequest: Manifest = {
  v: 1,
  name: 'github.pull-request',
  version: '1.0.0',
  description:
    'Opens a pull request on GitHub, from a branch that is there already. It is shown with its number and ' +
    'its address. Put no secret into it: name the token of the vault in secrets.',
  effect: 'external',
  risk: 'medium',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['owner', 'repo', 'head', 'base', 'title', 'body'],
    properties: {
      owner: { ...name, description: 'Of the repository: a person or an organisation.' },
      repo: name,
      head: { ...branch, description: 'Branch with the changes, of the same repository.' },
      base: { ...branch, description: 'Branch that the changes are for.' },
      title: { type: 'string', minLength: 1, maxLength: 256 },
      body: { type: 'string', maxLength: 32768, description: 'What it says, in Markdown.' },
      draft: { type: 'boolean' },
      secrets,
    },
  },
  output: {
    type: 'object',
    additionalProperties: false,
    required: ['number', 'url', 'state'],
    properties: {
      number: { type: 'integer', minimum: 1 },
      url: link,
      state: { enum: ['open', 'closed'] },
    },
  },
  roles: {
    owner: 'destination',
    repo: 'destination',
    head: 'object',
    base: 'destination',
    title: 'text',
    body: 'text',
    draft: 'object',
    secrets: 'credential',
  },
  authors: { number: 'service', url: 'service', state: 'service' },
  limits: { timeoutMs: 60_000, inputBytes: 65_536, outputBytes: 4_096 },
  executor: {
    ...api,
    method: 'POST',
    url: 'https://api.github.com/repos/{owner}/{repo}/pulls',
    body: {
      title: '{title}',
      head: '{head}',
      base: '{base}',
      body: '{body}\n\n<!-- chancery {$action} -->',
      draft: '{draft}',
    },
    success: [201],
    observed: { number: '/body/number', url: '/body/html_url', state: '/body/state' },
  },
  reconcile: {
    executor: {
      ...api,
      method: 'GET',
      url: 'https://api.github.com/repos/{owner}/{repo}/pulls',
      query: {
        ...{ head: '{owner}:{head}', base: '{base}' },
        ...{ state: 'all', sort: 'created', direction: 'desc' },
      },
      observed: { number: '/body/0/number', url: '/body/0/html_url', state: '/body/0/state' },
    },
    // The newest of one branch to another, closed ones too; where it is another's, nobody knows.
    happened: [
      { at: '/body/0/body', op: 'contains', value: 'chancery {$action}' },
      { at: '/status', op: 'is', value: 200 },
    ],
    didNotHappen: [
      { at: '/body', op: 'is', value: [] },
      { at: '/status', op: 'is', value: 200 },
    ],
  },
  compensate: {
    description: 'Closes a pull request on GitHub.',
    given: {
      owner: 'args.owner',
      repo: 'args.repo',
      number: 'output.number',
      secrets: 'args.secrets',
    },
    output: {
      type: 'object',
      additionalProperties: false,
      required: ['number', 'state'],
      properties: { number: { type: 'integer', minimum: 1 }, state: { const: 'closed' } },
    },
    authors: { number: 'service', state: 'service' },
    executor: {
      ...api,
      method: 'PATCH',
      url: 'https://api.github.com/repos/{owner}/{repo}/pulls/{number}',
      body: { state: 'closed' },
      observed: { number: '/body/number', state: '/body/state' },
    },
    reconcile: {
      executor: {
        ...api,
        method: 'GET',
        url: 'https://api.github.com/repos/{owner}/{repo}/pulls/{number}',
        observed: { number: '/body/number', state: '/body/state' },
      },
      happened: [{ at: '/body/state', op: 'is', value: 'closed' }],
      didNotHappen: [{ at: '/body/state', op: 'is', value: 'open' }],
    },
  },
};
