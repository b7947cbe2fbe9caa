import { describe, expect, it } from 'vitest';
import { catalogue } from './catalogue.ts';
import { contentsOf } from './contents.ts';
import type { Entry } from './entry.ts';
import { content } from './schema.ts';

const blob = (name: string) => ({
  blob: { digest: name.repeat(64), bytes: 1, mediaType: 'application/json' },
});

/** How often a schema has a content in it. */
function countIn(schema: unknown): number {
  if (schema === content) return 1;
  if (typeof schema !== 'object' || schema === null) return 0;
  return Object.values(schema).reduce<number>((sum, inner) => sum + countIn(inner), 0);
}

describe('the contents of an entry', () => {
  it('are those of the schemas, and no other kind has any', () => {
    const found = Object.entries(catalogue)
      .map(([kind, schema]) => [kind, countIn(schema)] as const)
      .filter(([, count]) => count > 0);
    expect(found).toEqual([
      ['run.started', 2],
      ['model.responded', 2],
      ['intent.proposed', 1],
      ['proposal.staged', 3],
      ['proposal.suspended', 3],
      ['proposal.rejected', 1],
      ['commit', 1],
      ['compensation.planned', 1],
    ]);
  });

  it('are told of an observation, a text and of arguments', () => {
    const commit = { kind: 'commit', body: { observation: blob('a') } } as unknown as Entry;
    const responded = {
      kind: 'model.responded',
      body: { text: blob('b'), calls: [{ args: blob('c') }] },
    } as unknown as Entry;
    expect(contentsOf(commit)).toEqual([blob('a')]);
    expect(contentsOf(responded)).toEqual([blob('b'), blob('c')]);
  });

  it('are told of what policy was asked, where it was', () => {
    const action = { normalisedArgs: blob('a'), resolved: blob('b') };
    const entry = (kind: string, body: object) => ({ kind, body }) as unknown as Entry;
    const question = blob('c');
    const found = [
      ...[entry('proposal.staged', { action, question }), entry('proposal.staged', { action })],
      ...[entry('proposal.rejected', { question }), entry('proposal.rejected', {})],
    ].map(contentsOf);
    const whole = [blob('a'), blob('b')];
    expect(found).toEqual([[...whole, question], whole, [question], []]);
  });

  it('are not what an agent made to look like one', () => {
    const intent = {
      kind: 'intent.proposed',
      body: { intent: { inline: { args: blob('d') } } },
    } as unknown as Entry;
    expect(contentsOf(intent)).toEqual([{ inline: { args: blob('d') } }]);
  });
});
