import { restoreName } from '@chancery/runtime/undoing';

/** What a step does, in words. */
export function stepText(capability: string): string {
  return capability === restoreName ? 'the files, byte for byte' : capability;
}

/** The entries that a step undoes. */
export function entriesText(seqs: readonly number[]): string {
  if (seqs.length === 0) return '';
  return `${seqs.length === 1 ? 'entry' : 'entries'} ${seqs.join(', ')}`;
}
