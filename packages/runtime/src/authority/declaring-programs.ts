import type { Digest } from '@chancery/kernel/encoding';
import {
  checkProgramRetired,
  checkProgramRows,
  declarePrograms,
  retireProgram,
  rowDigest,
  rowsByName,
  type ProgramRows,
} from '@chancery/kernel/programs';
import { done, type Refusal, type Result } from '@chancery/kernel/refusal';
import { legislate } from './legislating.ts';
import type { Signatory } from './signatory.ts';

/**
 * Signs and records what is known of programs besides what is built in, from here on. Answers the digest
 * of the entry; null where all of it stands already, and nothing is recorded. `unfit` says what else
 * keeps it from being declared. Refuses `policy.not-signer` and `programs.invalid`.
 */
export async function recordPrograms(
  signatory: Signatory,
  rows: ProgramRows,
  unfit: (rows: ProgramRows) => Refusal | undefined,
): Promise<Result<Digest | null>> {
  const wrong = checkProgramRows(rows) ?? unfit(rows);
  if (wrong !== undefined) return { ok: false, refusal: wrong };
  return legislate<null>(signatory, ({ programs: known }, place) => {
    const stands = rowsByName(rows).every(([name, row]) => {
      return known.get(name)?.digest === rowDigest(row);
    });
    if (stands) return done(null);
    const envelope = declarePrograms({ ...place, programs: rows }, signatory.by);
    return done({ draft: { stream: 'policy', kind: 'programs.declared', body: { envelope } } });
  });
}

/**
 * Signs and records that nothing is known of a program any more. Answers the digest of the entry.
 * Refuses `policy.not-signer` and `programs.unknown`.
 */
export function recordProgramRetirement(
  signatory: Signatory,
  name: string,
): Promise<Result<Digest>> {
  return legislate<never>(signatory, ({ programs }, place) => {
    const row = programs.get(name)?.digest ?? '';
    const unknown = checkProgramRetired(programs, { name, row });
    if (unknown !== undefined) return { ok: false, refusal: unknown };
    const envelope = retireProgram({ ...place, name, row }, signatory.by);
    return done({ draft: { stream: 'policy', kind: 'programs.retired', body: { envelope } } });
  });
}
