import type { DeclaredManifest } from '@chancery/kernel/manifest';
import { Authority } from '@chancery/runtime/authority';
import { exitCodes, refuse } from '../exit.ts';
import { reading } from '../opening.ts';
import type { Session } from '../session.ts';
import { instant } from '../terminal/amounts.ts';
import { showTable } from '../terminal/table.ts';
import { visible } from '../terminal/visible.ts';
import { aboutOf, stateOf, undoIn } from './about.ts';
import { manifestText } from './file.ts';

/** Lists what manifests on the ledger declare. */
export async function list(session: Session): Promise<number> {
  const { home, terminal, json } = session;
  return reading(home, async ({ store, ledger }) => {
    const { manifests } = await new Authority(store, ledger).policies();
    const all = [...manifests.values()].sort((a, b) =>
      a.manifest.name < b.manifest.name ? -1 : 1,
    );
    if (json) {
      for (const each of all) terminal.json(lineOf(each));
      return exitCodes.ok;
    }
    if (all.length === 0) {
      terminal.line('No manifest declares a capability.');
      return exitCodes.ok;
    }
    const rows = all.map((each) => {
      const { name, version, executor, effect, risk } = each.manifest;
      const texts = [version, executor.kind, effect, risk, undoIn(each.manifest) ?? '-'];
      return [
        { text: visible(name), colour: 'bold' as const },
        ...[...texts, stateOf(each), each.digest].map((text) => ({ text })),
      ];
    });
    const heads = ['NAME', 'VERSION', 'BY', 'EFFECT', 'RISK', 'UNDO', 'STATE', 'MANIFEST'];
    showTable(terminal, heads, rows);
    return exitCodes.ok;
  });
}

function lineOf(each: DeclaredManifest) {
  const { manifest, entry, by, declaredAt } = each;
  const { effect, risk, executor } = manifest;
  return {
    ...{ type: 'capability', ...aboutOf(manifest), state: stateOf(each) },
    ...{ effect, risk, executor: executor.kind, undo: undoIn(manifest) },
    ...{ entry, by, declaredAtMs: declaredAt },
  };
}

/** Shows a manifest in whole, as it was declared. Refuses `manifest.unknown`. */
export async function show(session: Session, name: string): Promise<number> {
  const { home, terminal, json } = session;
  return reading(home, async ({ store, ledger }) => {
    const { manifests } = await new Authority(store, ledger).policies();
    const found =
      manifests.get(name) ?? refuse('manifest.unknown', `no manifest declares ${visible(name)}`);
    const { manifest, entry, by, declaredAt } = found;
    const state = stateOf(found);
    if (json) {
      const told = { ...aboutOf(manifest), state, entry, by, declaredAtMs: declaredAt };
      terminal.json({ type: 'capability-manifest', ...told, document: manifest });
      return exitCodes.ok;
    }
    const { manifest: digest, contract } = aboutOf(manifest);
    terminal.note(`${state} ${instant(declaredAt)} by ${by}`);
    terminal.note(`manifest ${digest}, contract ${contract}`);
    for (const line of manifestText(manifest).trimEnd().split('\n')) terminal.line(visible(line));
    return exitCodes.ok;
  });
}
