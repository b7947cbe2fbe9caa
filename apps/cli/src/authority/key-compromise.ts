import { isDeepStrictEqual } from 'node:util';
import type { Command } from 'commander';
import { mayGrantMore, mayPermitMore } from '@chancery/domain/policies';
import type { Digest, KeyId } from '@chancery/kernel/encoding';
import { bundleDigest, bundleIn, repositoryOf, type ActiveBundle } from '@chancery/kernel/policy';
import {
  draftSayings,
  outlookOf,
  sayCompromise,
  type CompromiseOutlook,
} from '@chancery/runtime/authority';
import { exitCodes, granted } from '../exit.ts';
import { redactedSaying } from '../secrets/guarding.ts';
import { reading } from '../opening.ts';
import { readCount } from '../quantities.ts';
import type { Act, Session } from '../session.ts';
import { askYes, canAsk } from '../terminal/ask.ts';
import { visible } from '../terminal/visible.ts';
import { end, type EndingFlags, type TellKey } from './key-ending.ts';
import { readKeyId, sayingOptions, speakingOn } from './root-saying.ts';

interface CompromiseFlags extends EndingFlags {
  readonly fromSize: string;
  readonly yes?: boolean;
}

export function declareCompromise(command: Command, act: Act, tell: TellKey): void {
  sayingOptions(command)
    .description('have the ledger believe nothing that a key signed from some entry on')
    .argument('<key>', 'ed25519: and 64 hexadecimal digits')
    .requiredOption('--from-size <count>', 'entries that the ledger had when the key was last safe')
    .option('--reason <text>', 'why; recorded', 'it was in other hands')
    .option('--yes', 'without a question')
    .option('--json', 'one JSON line of type "key-outlook", then one of type "key"')
    .addHelpText(
      'after',
      `
What it signed at positions from that count on is void from now on: writs and all below them, votes,
policies, what it cleared, heads. What was done meanwhile is not undone: \`chancery verify\`
lists all of it. What the key halted or revoked stays so, since that only takes away. The key is never
trusted again, and the count may be lowered later by saying it again.

Shows first what stops counting, and whether the policies that remain may permit more than now, then
asks. Without a terminal it ends with 4, and nothing is recorded, unless --yes is given.

Examples:
  chancery keys compromise ed25519:… --from-size 1200
  chancery keys compromise ed25519:… --from-size 1200 --json | jq .upon
  chancery verify --json | jq '.findings[] | select(.code == "key.compromised")'`,
    )
    .action((key: string, flags: CompromiseFlags) =>
      act(flags, (session) => {
        const fromSize = granted(readCount('--from-size', flags.fromSize));
        return compromise(session, { key: granted(readKeyId(key)), fromSize, flags, tell });
      }),
    );
}

interface Compromise {
  readonly key: KeyId;
  readonly fromSize: number;
  readonly flags: CompromiseFlags;
  readonly tell: TellKey;
}

async function compromise(session: Session, said: Compromise): Promise<number> {
  const { key, fromSize, flags, tell } = said;
  const { terminal, json } = session;
  const reason = await redactedSaying(session, flags.reason);
  const outlook = await reading(session.home, async (open) => {
    // What would be refused is refused before anybody is asked.
    granted(await draftSayings(await speakingOn(open), sayCompromise({ key, reason, fromSize })));
    return outlookOf(open.store, open.ledger, said);
  });
  showOutlook(session, said, outlook);
  const records = flags.unsigned === undefined;
  const asks = records && flags.yes !== true && !json && canAsk();
  if (records && flags.yes !== true && !asks) {
    if (!json) terminal.line('Nothing was recorded: pass --yes to do it.');
    return exitCodes.held;
  }
  if (asks && !(await askYes('Have all of this count no more?'))) {
    terminal.line('Nothing was recorded.');
    return exitCodes.failed;
  }
  const what = `is compromised: what it signed from entry ${fromSize} on is void`;
  return end(session, { key, flags, tell, what }, (ending) =>
    sayCompromise({ ...ending, fromSize }),
  );
}

/** So many entries of a kind, the first of which stands at `first`. */
interface Counted {
  readonly kind: string;
  readonly count: number;
  readonly first: number;
}

/** Something that is active under a name, and what would be in its place. */
interface Exchanged {
  readonly name: string;
  readonly before: Placed | null;
  readonly after: Placed | null;
}

/** A bundle, and the one repository that it decides on; null for all. */
interface Placed {
  readonly bundle: Digest;
  readonly repository: string | null;
}

function showOutlook(
  { terminal, json }: Session,
  { key, fromSize }: Compromise,
  outlook: CompromiseOutlook,
): void {
  const { atStake, engagedAgain, before, after } = outlook;
  const own = atStake.filter(({ signed }) => signed);
  const signed = countedOf(own);
  const upon = countedOf(atStake.filter((each) => !each.signed));
  const policies = exchangedPolicies(outlook);
  const channels = [...before.channels.keys()].filter(
    (name) => !isDeepStrictEqual(before.channels.get(name), after.channels.get(name)),
  );
  const permitsMore = mayPermitMore(before.active.values(), after.active.values());
  const grantsMore = mayGrantMore(before.channels, after.channels);
  const left = new Set(after.prices.map(({ entry }) => entry));
  const prices = before.prices.map(({ entry }) => entry).filter((entry) => !left.has(entry));
  const programs = [...before.programs].flatMap(([name, { digest }]) =>
    after.programs.get(name)?.digest === digest ? [] : [name],
  );
  if (json) {
    const lost = { policies, channels, prices, programs };
    const found = { signed, upon, ...lost, permitsMore, grantsMore };
    terminal.json({ type: 'key-outlook', key, fromSize, ...found, engagedAgain });
    return;
  }
  const line = (text = ''): void => terminal.line(text);
  line(
    own.length === 0 ? 'It has signed nothing from there on.' : 'It has signed, and it is void:',
  );
  for (const each of signed) line(`  ${countText(each)}`);
  if (upon.length > 0) line('On that stands, and is told by `chancery verify`:');
  for (const each of upon) line(`  ${countText(each)}`);
  for (const each of policies) line(visible(exchangeText(each)));
  if (permitsMore) line(terminal.paint.red('The policies that remain may permit more than now.'));
  if (grantsMore.length > 0) {
    const where = grantsMore.join(', ');
    line(terminal.paint.red(visible(`More may be granted than now, or later, on: ${where}.`)));
  }
  for (const entry of prices) {
    line(`The price table ${entry.slice(0, 12)} counts no more, and no run begins at its prices.`);
  }
  for (const name of programs) line(visible(`What is known of ${name} is as it was before.`));
  for (const name of channels) line(visible(`The channel ${name} is as it was before.`));
  if (engagedAgain.length > 0)
    line(`Halts that it has cleared count again: ${engagedAgain.length}.`);
  line();
}

function countedOf(atStake: CompromiseOutlook['atStake']): readonly Counted[] {
  const counted = new Map<string, Counted>();
  for (const { kind, position } of atStake) {
    const before = counted.get(kind);
    const more = before && { ...before, count: before.count + 1 };
    counted.set(kind, more ?? { kind, count: 1, first: position });
  }
  return [...counted.values()];
}

function exchangedPolicies({ before, after }: CompromiseOutlook): readonly Exchanged[] {
  const names = [...new Set([...before.active.keys(), ...after.active.keys()])].sort();
  return names.flatMap((name) => {
    const [was, is] = [before.active.get(name), after.active.get(name)];
    const each = { name, before: was ? placed(was) : null, after: is ? placed(is) : null };
    return isDeepStrictEqual(each.before, each.after) ? [] : [each];
  });
}

function placed(active: ActiveBundle): Placed {
  return { bundle: bundleDigest(bundleIn(active)), repository: repositoryOf(active) ?? null };
}

function countText({ kind, count, first }: Counted): string {
  return `${String(count).padStart(6)}  ${kind}, from entry ${first} on`;
}

function exchangeText({ name, before, after }: Exchanged): string {
  if (after === null) return `The policy ${name} decides no more, and nothing is in its place.`;
  const which = before === null ? 'decides again' : 'decides as it was before';
  const { bundle, repository } = after;
  const where = repository === null ? 'on every repository' : `on ${repository} alone`;
  return `The policy ${name} ${which}, ${where}: ${bundle.slice(0, 12)}.`;
}
