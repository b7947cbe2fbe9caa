/** An object of unknown content, as it was sent. */
export type Sent = Readonly<Record<string, unknown>>;

export function isSent(value: unknown): value is Sent {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Items of an array that must hold objects alone; undefined otherwise. */
export function sentItems(value: unknown): readonly Sent[] | undefined {
  return Array.isArray(value) && value.every(isSent) ? value : undefined;
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

const toolName = /^[a-zA-Z0-9_-]{1,64}$/;

/** What is wrong with a tool, whose name and schema stand in different places on each wire. */
export function toolProblem(name: unknown, schema: unknown): string | undefined {
  if (!isText(name) || !toolName.test(name)) return `tool name ${String(name)} is not allowed`;
  if (!isSent(schema) || schema['type'] !== 'object') return `tool ${name} has no object schema`;
  return undefined;
}

/** The first problem that is one. */
export function firstProblem(problems: Iterable<string | undefined>): string | undefined {
  for (const problem of problems) if (problem !== undefined) return problem;
  return undefined;
}

/** Ids of calls that must be answered before anything else is said, and of the results given. */
export function unanswered(
  called: readonly unknown[],
  answered: readonly unknown[],
): string | undefined {
  const missing = called.find((id) => !answered.includes(id));
  if (missing !== undefined) return `call ${JSON.stringify(missing)} has no result`;
  const stray = answered.find((id) => !called.includes(id));
  return stray === undefined
    ? undefined
    : `result of ${JSON.stringify(stray)}, which was not called`;
}

/** Problems that every wire shares: a model, a stream. */
export function commonProblem(body: Sent): string | undefined {
  if (!isText(body['model'])) return 'model: field required';
  return body['stream'] === true ? undefined : 'stream: must be true';
}

/** What is wrong with a limit, which is a count. */
export function limitProblem(body: Sent, limit: string): string | undefined {
  const most = body[limit];
  return Number.isSafeInteger(most) && Number(most) > 0 ? undefined : `${limit}: field required`;
}
