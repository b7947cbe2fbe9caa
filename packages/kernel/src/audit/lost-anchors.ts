import { findingCodes, type Finding, type Place } from '../replay/index.ts';
import { parseNote } from '../tree/index.ts';

/** An entry that says where a checkpoint was published. */
export interface PublishedRecord {
  /** The entry. */
  readonly at: Place;
  /** Where the checkpoint was published, as the entry tells it. */
  readonly place: string;
  readonly note: string;
}

/**
 * What a place no longer keeps of all that the ledger says was published there: a finding for each
 * entry. `kept` is what it keeps, read after the records were. Compared is what was signed, so that a
 * place may keep more signatures of it; a record that is no note is left to verification.
 */
export function lostAt(
  place: string,
  kept: readonly string[],
  records: readonly PublishedRecord[],
): readonly Finding[] {
  const texts = new Set(kept.map(textOf));
  return records.flatMap((record) => {
    const text = textOf(record.note);
    if (record.place !== place || text === undefined || texts.has(text)) return [];
    const { severity } = findingCodes['anchor.lost'];
    const message = `${place} no longer keeps the checkpoint of ${sizeIn(text)} entries`;
    return [{ severity, code: 'anchor.lost', ...record.at, message }];
  });
}

function textOf(note: string): string | undefined {
  const parsed = parseNote(note);
  return parsed.ok ? parsed.value.text : undefined;
}

const sizeIn = (text: string): string => text.split('\n')[1] ?? '';
