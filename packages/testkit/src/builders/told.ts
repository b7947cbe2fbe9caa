import type { Draft, Kind } from '@chancery/kernel/ledger';
import { verifyLedger, type BlobReader } from '@chancery/kernel/replay';
import type { LedgerFixture } from './ledger-fixture.ts';

/** What verification finds in a ledger, as `code at kind`, each once. */
export function told(
  { recorder, ledger }: LedgerFixture,
  blobs: BlobReader = () => undefined,
): readonly string[] {
  const { findings } = verifyLedger(ledger, [recorder.stored], recorder.heads, { blobs });
  const lines = findings.map(
    ({ code, position }) => `${code} at ${recorder.entries[position]?.entry.kind ?? 'nothing'}`,
  );
  return [...new Set(lines)];
}

/** For `ledgerFixture({ edit })`: bodies of one kind are recorded otherwise; all links are made anew. */
export function forging<K extends Kind>(
  kind: K,
  edit: (body: Draft<K>['body']) => object,
): (drafts: readonly Draft[]) => readonly Draft[] {
  return (drafts) =>
    drafts.map((draft) =>
      draft.kind === kind
        ? ({ ...draft, body: edit(draft.body as Draft<K>['body']) } as Draft)
        : draft,
    );
}
