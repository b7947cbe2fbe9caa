import type { Refusal } from '@chancery/kernel/refusal';
import type { Outcome } from '../examine.ts';
import { holds, linesOf } from '../report.ts';

/** Shows an outcome; everything that is quoted of the evidence is text, never markup. */
export function show(place: HTMLElement, outcome: Outcome, name: string): void {
  const ok = holds(outcome);
  const parts = [heading(ok ? 'Verified' : 'Not verified', ok), paragraph(name)];
  fill(place, ok ? 'good' : 'bad', [...parts, list(linesOf(outcome)), ...runsOf(outcome)]);
}

/** The digest of each run's world, to compare with what somebody else has folded. */
function runsOf(outcome: Outcome): readonly HTMLElement[] {
  if (outcome.scope !== 'ledger') return [];
  const { runs } = outcome.verdict.verification;
  const lines = runs.map(
    ({ stream, outcome: end, worldDigest }) => `${stream} ${end ?? 'open'}, world ${worldDigest}`,
  );
  return [paragraph('Runs'), list(lines)];
}

/** Shows why a file could not be looked into. */
export function showRefusal(place: HTMLElement, refusal: Refusal, name: string): void {
  const { code, message, remedy } = refusal;
  fill(place, 'bad', [
    heading('Not verified', false),
    paragraph(`${name}: ${code}: ${message}`),
    paragraph(remedy),
  ]);
}

function fill(place: HTMLElement, state: 'good' | 'bad', parts: readonly HTMLElement[]): void {
  place.replaceChildren(...parts);
  place.dataset['state'] = state;
  place.hidden = false;
}

function heading(text: string, ok: boolean): HTMLElement {
  const made = document.createElement('h2');
  made.className = ok ? 'good' : 'bad';
  made.textContent = text;
  return made;
}

function paragraph(text: string): HTMLElement {
  const made = document.createElement('p');
  made.textContent = text;
  return made;
}

function list(lines: readonly string[]): HTMLElement {
  const made = document.createElement('ul');
  for (const line of lines) {
    const item = document.createElement('li');
    const code = document.createElement('code');
    code.textContent = line;
    item.append(code);
    made.append(item);
  }
  return made;
}
