import type { Result } from '../refusal/index.ts';
import { parseCheckpoint, parseNote, type Checkpoint } from '../tree/index.ts';

/** What a checkpoint says, before anybody has looked who signed it. Refuses `checkpoint.invalid`. */
export function readClaim(note: string): Result<Checkpoint> {
  const parsed = parseNote(note);
  return parsed.ok ? parseCheckpoint(parsed.value.text) : parsed;
}
