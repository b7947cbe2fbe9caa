import { readFileSync } from 'node:fs';
import path from 'node:path';
import { catalogue, type Kind, type Schema } from '@chancery/kernel/ledger';
import { describe, expect, it } from 'vitest';
import { root } from './page.ts';

/** Kinds of the streams of a run and of the approvals that it asks for. */
const kinds = (Object.keys(catalogue) as Kind[]).filter((kind) =>
  /^(run|turn|model|intent|proposal|execution|compensation|approval)\.|^commit$/.test(kind),
);

/** Members that hold words or values as they are: no digest, no number, no fixed word, no content. */
function readable(schema: Schema, at: string): readonly string[] {
  if ('anyOf' in schema) {
    if (schema.anyOf.some((option) => 'properties' in option && 'inline' in option.properties)) {
      return [];
    }
    return schema.anyOf.flatMap((option) => readable(option, at));
  }
  if ('title' in schema) return [at];
  if (!('type' in schema)) return [];
  if (schema.type === 'string') return schema.pattern === undefined ? [at] : [];
  if (schema.type === 'array') return readable(schema.items, at);
  if (schema.type !== 'object') return [];
  if (!('properties' in schema)) return readable(schema.additionalProperties, at);
  return Object.entries(schema.properties).flatMap(([name, member]) =>
    readable(member, at === '' ? name : `${at}.${name}`),
  );
}

const page = readFileSync(path.join(root, 'docs/concepts/ledger-and-replay.md'), 'utf8');

/** The rows of the table of what is not sealed: a kind, and its members. */
function rows(): Readonly<Record<string, readonly string[]>> {
  const [, section = ''] = page.split('## Erasing\n');
  const [table = ''] = section.split('\n## ');
  const cells = table
    .split('\n')
    .map((line) => /^\| `([a-z.-]+)` +\| (.+?) +\|$/.exec(line))
    .filter((match) => match !== null);
  return Object.fromEntries(
    cells.map(([, kind = '', members = '']) => [
      kind,
      [...members.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    ]),
  );
}

describe('what erasing a subject leaves readable', () => {
  it('is told of each kind of a run, member by member', () => {
    const open = kinds.map((kind) => [kind, [...new Set(readable(catalogue[kind], ''))].sort()]);
    const some = open.filter(([, members]) => members?.length !== 0);
    const told = Object.entries(rows()).map(([kind, members]) => [kind, members.toSorted()]);
    expect(told.sort(byKind)).toEqual(some.sort(byKind));
  });
});

function byKind([a = '']: readonly unknown[], [b = '']: readonly unknown[]): number {
  return String(a) < String(b) ? -1 : 1;
}
