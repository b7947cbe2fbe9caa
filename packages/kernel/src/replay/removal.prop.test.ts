import { ledgerFixture, people, writeRun, type LedgerFixture } from '@chancery/testkit/builders';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import type { Digest } from '../encoding/index.ts';
import { contentsOf } from '../ledger/index.ts';
import { blobListDigest, signPruning } from '../removal/index.ts';
import { Verifier } from './verify.ts';

function prune({ ledger, recorder }: LedgerFixture, blobs: readonly Digest[]): void {
  const after = recorder.heads.get('ledger')?.digest ?? ledger;
  const { approver } = people;
  const asked = { ledger, after, blobs: blobListDigest(blobs), reason: 'old' };
  const envelope = signPruning(asked, approver);
  recorder.writeBy(approver.id, {
    stream: 'ledger',
    kind: 'blob.pruned',
    body: { blobs, envelope },
  });
}

test('whatever is pruned, the ledger verifies, and what is missing is known to be pruned', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 4, maxLength: 40 }), (picks) => {
      const kept = new Map<Digest, Uint8Array>();
      const fixture = ledgerFixture();
      writeRun(fixture, 'r1', fixture.writ, kept);
      const { ledger, recorder } = fixture;
      const named = recorder.entries.flatMap(({ entry }, position) =>
        contentsOf(entry).flatMap((content) =>
          'blob' in content ? [{ digest: content.blob.digest, position }] : [],
        ),
      );
      const digests = [...new Set(named.map(({ digest }) => digest))];
      const gone = digests.filter((_, index) => picks[index % picks.length] === true);
      prune(fixture, gone);
      for (const digest of gone) kept.delete(digest);
      const verifier = new Verifier(ledger, { blobs: (digest) => kept.get(digest) });
      verifier.page(recorder.stored);
      const { ok, findings } = verifier.finish(recorder.heads);
      expect({ ok, codes: findings.filter(({ severity }) => severity !== 'drift') }).toEqual({
        ok: true,
        codes: [],
      });
      const known = named.filter(({ digest, position }) =>
        verifier.isPrunedAfter(digest, position),
      );
      expect(new Set(known.map(({ digest }) => digest))).toEqual(new Set(gone));
      const last = recorder.entries.length;
      expect(gone.some((digest) => verifier.isPrunedAfter(digest, last))).toBe(false);
    }),
    cases(60),
  );
});
