import { done, refused, type Result } from '../refusal/index.ts';

const signature = '— ';

/**
 * Notes (C2SP signed-note) that stand one after the other in a text: each is its text, an empty line,
 * and its signatures. Refuses `anchor.broken`, also for a last one that was cut short.
 */
export function splitNotes(text: string): Result<readonly string[]> {
  const notes: string[] = [];
  let [from, isSigned] = [0, false];
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    if (end < 0) return broken('its last line is cut short');
    const isSignature = text.startsWith(signature, at);
    if (isSigned && !isSignature) {
      notes.push(text.slice(from, at));
      from = at;
    }
    isSigned = isSignature;
    at = end + 1;
  }
  if (from === text.length) return done(notes);
  return isSigned ? done([...notes, text.slice(from)]) : broken('its last note is not signed');
}

function broken(why: string): Result<never> {
  return refused('anchor.broken', `what the anchor keeps is no list of notes: ${why}`);
}
