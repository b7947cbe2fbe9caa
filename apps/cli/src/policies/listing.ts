import { Authority } from '@chancery/runtime/authority';
import {
  bundleDigest,
  bundleIn,
  levels,
  policySetDigest,
  repositoryOf,
  type ActiveBundle,
  type Bundle,
} from '@chancery/kernel/policy';
import type { DeclaredManifests } from '@chancery/kernel/manifest';
import { exitCodes, refuse } from '../exit.ts';
import { readConfig } from '../home.ts';
import { reading, type OpenLedger } from '../opening.ts';
import type { CommonFlags, Session } from '../session.ts';
import { showTable } from '../terminal/table.ts';
import { visible } from '../terminal/visible.ts';

/** The bundles that are active, the outermost level first. */
export async function activeBundles({
  store,
  ledger,
}: OpenLedger): Promise<readonly ActiveBundle[]> {
  const { active } = await new Authority(store, ledger).policies();
  const rank = (each: ActiveBundle): number => levels.indexOf(bundleIn(each).level);
  const nameOf = (each: ActiveBundle): string => bundleIn(each).name;
  return [...active.values()].sort((a, b) => rank(a) - rank(b) || (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** What manifests on the ledger declare; nothing where none is founded yet. */
export async function manifestsHere({ home }: Pick<Session, 'home'>): Promise<DeclaredManifests> {
  const config = readConfig(home);
  if (!config.ok && config.refusal.code === 'ledger.missing') return new Map();
  return reading(home, async ({ store, ledger }) => {
    const { manifests } = await new Authority(store, ledger).policies();
    return manifests;
  });
}

export async function list({ home, terminal, json }: Session): Promise<number> {
  return reading(home, async (open) => {
    const bundles = await activeBundles(open);
    if (json) for (const each of bundles) terminal.json(activeLine(each));
    else {
      showTable(
        terminal,
        ['LEVEL', 'NAME', 'RULES', 'BUNDLE', 'ON'],
        bundles.map((each) => {
          const bundle = bundleIn(each);
          return [
            { text: bundle.level },
            { text: visible(bundle.name), colour: 'bold' },
            { text: String(rulesOf(bundle)) },
            { text: bundleDigest(bundle) },
            { text: visible(repositoryOf(each) ?? 'every repository') },
          ];
        }),
      );
      terminal.line();
      terminal.line(`The set is ${policySetDigest(bundles)}; every level has to permit.`);
    }
    return exitCodes.ok;
  });
}

function activeLine(active: ActiveBundle) {
  return { ...bundleLine(bundleIn(active)), repository: repositoryOf(active) ?? null };
}

/** A bundle as `--json` tells it. */
export function bundleLine(bundle: Bundle) {
  const { level, name } = bundle;
  const told = { level, name, bundle: bundleDigest(bundle), rules: rulesOf(bundle) };
  return { type: 'policy', ...told };
}

function rulesOf({ policies }: Bundle): number {
  return Object.keys(policies.staticPolicies).length;
}

export interface ShowFlags extends CommonFlags {
  readonly level?: string;
}

/** Prints the text of an active bundle. Refuses `usage.invalid` where none, or several, have the name. */
export async function print(
  { home, terminal, json }: Session,
  name: string,
  { level }: ShowFlags,
): Promise<number> {
  return reading(home, async (open) => {
    const bundle = namedBundle(await activeBundles(open), name, level);
    if (json) terminal.json({ ...bundleLine(bundle), type: 'policy-text', text: bundle.text });
    else for (const line of bundle.text.trimEnd().split('\n')) terminal.line(visible(line));
    return exitCodes.ok;
  });
}

/** The active bundle of this name. Refuses `usage.invalid` where there is none, or several. */
export function namedBundle(
  bundles: readonly ActiveBundle[],
  name: string,
  level: string | undefined,
): Bundle {
  const named = bundles
    .map(bundleIn)
    .filter((bundle) => bundle.name === name && (level === undefined || bundle.level === level));
  const [bundle, other] = named;
  if (bundle !== undefined && other === undefined) return bundle;
  const why = bundle === undefined ? 'no active policy has' : 'policies of several levels have';
  return refuse('usage.invalid', `${why} the name ${JSON.stringify(name)}`, {
    remedy: 'See `chancery policy list`; say --level where the name is there twice.',
  });
}
