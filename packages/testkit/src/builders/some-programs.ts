import type { Digest, Signer } from '@chancery/kernel/encoding';
import { declarePrograms, type ProgramRows } from '@chancery/kernel/programs';
import { assert } from '@chancery/kernel/refusal';
import { people, type LedgerFixture } from './ledger-fixture.ts';

/** Rows that can be declared. */
export const someRows: ProgramRows = {
  'mend patchwork': {
    options: 'q quiet o=write',
    operands: 'read*',
    cases: { 'mend -o b a': 'read write <a >b', 'mend --other': 'unknown' },
  },
};

/** Declares rows of programs; gives the digest of the entry. */
export function declareProgramsOn(
  { recorder, ledger }: LedgerFixture,
  programs: ProgramRows = someRows,
  by: Signer = people.legislator,
): Digest {
  const after = recorder.heads.get('policy')?.digest ?? ledger;
  const envelope = declarePrograms({ ledger, after, programs }, by);
  const draft = { stream: 'policy', kind: 'programs.declared', body: { envelope } } as const;
  const [declared] = recorder.writeBy(by.id, draft);
  assert(declared !== undefined, 'rows are written');
  return declared.digest;
}
