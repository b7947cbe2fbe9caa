import type { ServerResponse } from 'node:http';
import { listening, type Asked, type Listening } from './listening.ts';

/** A pull request, as GitHub shows it; of its members those that are used. */
export interface PullRequest {
  readonly number: number;
  readonly html_url: string;
  readonly title: string;
  readonly body: string | null;
  readonly draft: boolean;
  readonly head: { readonly ref: string; readonly label: string };
  readonly base: { readonly ref: string };
  state: 'open' | 'closed';
}

export interface FakeGithub extends Listening {
  readonly pulls: readonly PullRequest[];
  /** What becomes of the next request: it is refused for its number, broken, or done without an answer. */
  next: 'limited' | 'secondary-limit' | 'broken' | 'unanswered' | undefined;
}

/**
 * The part of the REST API of GitHub (version 2022-11-28) that pull requests are made by, with the
 * statuses, bodies of errors and headers that it documents. Repositories: `ours/shop` alone.
 */
export async function startFakeGithub(token: string): Promise<FakeGithub> {
  const pulls: PullRequest[] = [];
  const fake: { next: FakeGithub['next'] } = { next: undefined };
  const server = await listening((asked, response) => {
    const { next } = fake;
    fake.next = undefined;
    if (next === 'limited' || next === 'secondary-limit') {
      limit(response, next);
      return;
    }
    if (next === 'broken') {
      send(response, 502, { message: 'Server Error' });
      return;
    }
    const [status, body] = answerTo(asked, pulls, token);
    if (next === 'unanswered') response.destroy();
    else send(response, status, body);
  });
  return Object.assign(fake, server, { pulls });
}

type Answer = readonly [status: number, body: unknown];

const docs = 'https://docs.github.com/rest/pulls/pulls';

const said = (status: number, message: string, more: object = {}): Answer => [
  status,
  { message, ...more, documentation_url: docs, status: String(status) },
];

function send(response: ServerResponse, status: number, body: unknown, more: object = {}): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'x-github-media-type': 'github.v3; format=json',
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '4999',
    'x-ratelimit-reset': '1764291600',
    'x-ratelimit-resource': 'core',
    ...more,
  });
  response.end(text);
}

function limit(response: ServerResponse, kind: 'limited' | 'secondary-limit'): void {
  if (kind === 'limited') {
    const [, body] = said(403, 'API rate limit exceeded for user ID 1.');
    send(response, 403, body, { 'x-ratelimit-remaining': '0' });
    return;
  }
  const [, body] = said(429, 'You have exceeded a secondary rate limit.');
  send(response, 429, body, { 'retry-after': '60' });
}

function answerTo(asked: Asked, pulls: PullRequest[], token: string): Answer {
  const { headers, method } = asked;
  if (headers['user-agent'] === undefined)
    return said(403, 'Request forbidden by administrative rules.');
  if (headers.authorization === undefined) return said(401, 'Requires authentication');
  if (headers.authorization !== `Bearer ${token}`) return said(401, 'Bad credentials');
  const { pathname, searchParams } = new URL(asked.url, 'http://github');
  const [, owner, repo, number] =
    /^\/repos\/([^/]+)\/([^/]+)\/pulls(?:\/(\d+))?$/.exec(pathname) ?? [];
  if (owner !== 'ours' || repo !== 'shop') return said(404, 'Not Found');
  if (number === undefined) {
    return method === 'POST' ? open(asked, pulls) : [200, listed(pulls, searchParams)];
  }
  const found = pulls.find((each) => each.number === Number(number));
  if (found === undefined) return said(404, 'Not Found');
  if (method === 'PATCH') {
    const { state } = JSON.parse(asked.body) as Partial<PullRequest>;
    if (state === 'open' || state === 'closed') found.state = state;
  }
  return [200, found];
}

function listed(pulls: readonly PullRequest[], query: URLSearchParams): readonly PullRequest[] {
  const state = query.get('state') ?? 'open';
  const found = pulls.filter(
    (each) =>
      (state === 'all' || each.state === state) &&
      [each.head.label, null].includes(query.get('head')) &&
      [each.base.ref, null].includes(query.get('base')),
  );
  return query.get('direction') === 'asc' ? found : found.toReversed();
}

function open({ body: text }: Asked, pulls: PullRequest[]): Answer {
  let given: Readonly<Record<string, unknown>>;
  try {
    given = JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return said(400, 'Problems parsing JSON');
  }
  const { title, head, base, body = null, draft = false } = given;
  const lack = Object.entries({ title, head, base }).find(([, each]) => typeof each !== 'string');
  if (lack !== undefined) {
    const errors = [{ resource: 'PullRequest', code: 'missing_field', field: lack[0] }];
    return said(422, 'Validation Failed', { errors });
  }
  const label = `ours:${String(head)}`;
  const before = pulls.find((each) => each.state === 'open' && each.head.label === label);
  if (before !== undefined) {
    const message = `A pull request already exists for ${label}.`;
    const errors = [{ resource: 'PullRequest', code: 'custom', message }];
    return said(422, 'Validation Failed', { errors });
  }
  const number = pulls.length + 1;
  const made: PullRequest = {
    ...{ number, html_url: `https://github.com/ours/shop/pull/${number}`, state: 'open' },
    ...{ title: String(title), body: body as string | null, draft: draft === true },
    head: { ref: String(head), label },
    base: { ref: String(base) },
  };
  pulls.push(made);
  return [201, made];
}
