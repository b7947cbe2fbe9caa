import { lintManifest } from '@chancery/domain/manifests';
import type { Manifest } from '@chancery/kernel/manifest';
import { assert } from '@chancery/kernel/refusal';
import { recordManifest, recordManifestRetirement } from '@chancery/runtime/authority';
import { signatoryOn } from '../authority/signing.ts';
import { unfitness } from '../compose/declared.ts';
import { exitCodes, granted } from '../exit.ts';
import { writing } from '../opening.ts';
import { ownName } from '../own-name.ts';
import { ofFile } from '../policies/source.ts';
import type { CommonFlags, Session } from '../session.ts';
import { showFields } from '../terminal/fields.ts';
import { visible } from '../terminal/visible.ts';
import { aboutOf, undoIn } from './about.ts';
import { manifestIn } from './file.ts';

/** Tells what of a file is hardly meant, and whether it could be declared; signs nothing. */
export async function lint(session: Session, file: string): Promise<number> {
  const { terminal, json } = session;
  const manifest = await fitManifest(file);
  const warnings = showWarnings(session, file, manifest);
  const { effect, risk, executor } = manifest;
  const told = { effect, risk, executor: executor.kind, undo: undoIn(manifest) };
  if (json) {
    terminal.json({ type: 'capability-linted', file, ...aboutOf(manifest), ...told, warnings });
    return exitCodes.ok;
  }
  showManifest(session, manifest);
  terminal.line(`${visible(file)} can be declared.`);
  return exitCodes.ok;
}

/** Has runs be offered what a file says, with a signature. */
export async function declareFile(
  session: Session,
  file: string,
  { key }: KeyFlags,
): Promise<number> {
  const { home, terminal, json, env } = session;
  const manifest = await fitManifest(file);
  const unfit = await unfitness();
  return writing(home, async (open) => {
    const signed = { reason: '', stream: 'policy', ...(key === undefined ? {} : { key }) };
    const { signatory } = await signatoryOn(session, open, signed);
    const entry = ofFile(file, await recordManifest(signatory, manifest, unfit));
    const by = signatory.by.id;
    const warnings = showWarnings(session, file, manifest);
    const undo = undoIn(manifest);
    if (json) {
      const told = { ...aboutOf(manifest), entry, by, undo, warnings };
      terminal.json({ type: 'capability-declared', ...told });
      return exitCodes.ok;
    }
    showManifest(session, manifest);
    if (entry === null) terminal.line('It was declared so before.');
    else terminal.line(`Declared, signed by ${by}.`);
    terminal.line(`Next: ${ownName(env)} run "TASK" --allow-capability ${manifest.name}`);
    return exitCodes.ok;
  });
}

export interface KeyFlags extends CommonFlags {
  readonly key?: string;
}

/** Has no run be offered it any more. */
export async function retire(session: Session, name: string, { key }: KeyFlags): Promise<number> {
  const { home, terminal, json } = session;
  return writing(home, async (open) => {
    const signed = { reason: '', stream: 'policy', ...(key === undefined ? {} : { key }) };
    const { signatory } = await signatoryOn(session, open, signed);
    const { manifests } = await signatory.authority.policies();
    const entry = granted(await recordManifestRetirement(signatory, name));
    const by = signatory.by.id;
    const found = manifests.get(name);
    assert(found !== undefined, 'what was retired was declared');
    const { digest: manifest } = found;
    if (json) terminal.json({ type: 'capability-retired', name, manifest, entry, by });
    else {
      terminal.line(`Retired, signed by ${by}. No run is offered ${visible(name)} any more:`);
      terminal.line('those that go on are refused it.');
    }
    return exitCodes.ok;
  });
}

/** Refuses `manifest.invalid` also for what could not be declared whatever stands on the ledger. */
async function fitManifest(file: string): Promise<Manifest> {
  const manifest = manifestIn(file);
  const unfit = (await unfitness())(manifest);
  return ofFile(
    file,
    unfit === undefined ? { ok: true, value: manifest } : { ok: false, refusal: unfit },
  );
}

/** Answers how many there are. */
function showWarnings({ terminal, json }: Session, file: string, manifest: Manifest): number {
  const warnings = lintManifest(manifest);
  for (const { code, at, message } of warnings) {
    if (json) terminal.json({ type: 'capability-warning', file, code, at, message });
    else {
      const text = `${visible(file)}: ${at}: ${visible(message)} [${code}]`;
      terminal.line(terminal.paint.yellow(text));
    }
  }
  return warnings.length;
}

function showManifest({ terminal }: Session, manifest: Manifest): void {
  const { name, version, effect, risk, executor } = manifest;
  const undo = undoIn(manifest);
  showFields(terminal, [
    ['Capability', `${name} ${version}`],
    ['Executes', executor.kind],
    ['Effect', effect],
    ['Risk', risk],
    ['Taken back by', undo ?? 'nothing'],
    ['Manifest', aboutOf(manifest).manifest],
  ]);
}
