import {
  ledgerFixture,
  people,
  RunStory,
  someBundle,
  someDigest,
  told,
  writeRun,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import type { Digest } from '../encoding/index.ts';
import { contentsOf, type Entry } from '../ledger/index.ts';
import { activateBundle, policySetDigest } from '../policy/index.ts';

const blobs = new Map<Digest, Uint8Array>();
const fixture = ledgerFixture();
writeRun(fixture, 'r1', fixture.writ, blobs);

function blobOf(kind: 'intent.proposed' | 'proposal.staged'): Digest {
  const entry = fixture.recorder.entries.find((each) => each.entry.kind === kind)?.entry as Entry;
  const [content] = contentsOf(entry);
  if (content === undefined || 'inline' in content) throw new Error('it is kept in its entry');
  return content.blob.digest;
}

describe('an intent and an action that stand outside their entries', () => {
  test('have the digests that they would have inside', () => {
    const inside = ledgerFixture();
    writeRun(inside);
    const digests = ({ recorder }: typeof fixture) =>
      recorder.entries.flatMap(({ entry }) =>
        entry.kind === 'intent.proposed'
          ? [entry.body.digest]
          : entry.kind === 'proposal.staged'
            ? [entry.body.action.intent]
            : [],
      );
    expect(digests(fixture)).toEqual(digests(inside));
  });

  test('are verified from their blobs', () => {
    expect(told(fixture, (digest) => blobs.get(digest))).toEqual([]);
  });

  test('are told where their blobs are not given', () => {
    expect(told(fixture)).toEqual([
      'content.unread at intent.proposed',
      'content.unread at proposal.staged',
      'content.unread at proposal.suspended',
    ]);
  });

  test.each(['intent.proposed', 'proposal.staged'] as const)(
    'are not taken from other bytes: %s',
    (kind) => {
      const wrong = blobOf(kind);
      const found = told(fixture, (digest) =>
        digest === wrong ? new TextEncoder().encode('{}') : blobs.get(digest),
      );
      expect(found).toContain(`content.unread at ${kind}`);
    },
  );

  test('do not agree with digests that were recorded for others', () => {
    const kept = new Map<Digest, Uint8Array>();
    const forged = ledgerFixture({
      edit: (drafts) =>
        drafts.map((draft) => {
          if (draft.kind !== 'proposal.staged') return draft;
          const { action } = draft.body;
          const swapped = { ...action, resolved: action.normalisedArgs };
          return { ...draft, body: { ...draft.body, action: swapped } };
        }),
    });
    writeRun(forged, 'r1', forged.writ, kept);
    expect(told(forged, (digest) => kept.get(digest))).toEqual([
      'action.mismatch at proposal.staged',
    ]);
  });
});

describe('a policy whose bundle stands outside its entry and is not given', () => {
  /** What is told of its activation, which this key signs for this place, and of a run after it. */
  function unread(by = people.legislator, place: { readonly after?: Digest } = {}) {
    const on = ledgerFixture();
    const { recorder, ledger } = on;
    const bundle = someBundle({ text: '// large' });
    const policySet = policySetDigest([bundle]);
    const after = recorder.heads.get('policy')?.digest ?? ledger;
    const body = activateBundle({
      ledger,
      after,
      bundle,
      policySet,
      by,
      ...place,
    });
    const blob = { digest: someDigest('blob'), bytes: 9, mediaType: 'application/json' };
    recorder.write({
      ...{ stream: 'policy', kind: 'policy.activated', body: { ...body, envelope: { blob } } },
    });
    const story = new RunStory({ ...on, policySet });
    story.start();
    story.act();
    return told(on);
  }
  const notGiven = 'content.unread at policy.activated';

  test('is told once, and what it has decided is believed', () => {
    expect(unread()).toEqual([notGiven]);
  });

  test('is invalid where it is signed by a key that may not, or for another place', () => {
    const invalid = 'policy.invalid at policy.activated';
    expect(unread(people.agent).toSorted()).toEqual([notGiven, invalid]);
    expect(unread(people.legislator, { after: someDigest('elsewhere') })).toContain(invalid);
  });
});
