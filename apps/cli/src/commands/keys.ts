import type { Command } from 'commander';
import type { KeyId } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { purposes as allPurposes, type Purpose, type Trust } from '@chancery/kernel/writ';
import { Authority, sayTrust } from '@chancery/runtime/authority';
import { declareCompromise } from '../authority/key-compromise.ts';
import { declareRetire, standingOf, type KeyStanding } from '../authority/key-ending.ts';
import { declarePassphrase } from '../authority/key-passphrase.ts';
import { declareRotate } from '../authority/key-rotation.ts';
import { declareRecord, declareSign } from '../authority/key-statements.ts';
import { readKeyId, say, sayingOptions, type SayingFlags } from '../authority/root-saying.ts';
import { keysIn, keysOfAgent, makeKey, type KeyFile } from '../compose/keys.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { makeHome } from '../home-folder.ts';
import { reading } from '../opening.ts';
import { ownName } from '../own-name.ts';
import { more } from '../repeatable.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { showFields } from '../terminal/fields.ts';
import { showTable, type Cell } from '../terminal/table.ts';
import { visible } from '../terminal/visible.ts';

interface ListFlags extends CommonFlags {
  readonly agent?: boolean;
}

interface TrustFlags extends SayingFlags {
  readonly label: string;
  readonly purpose: readonly string[];
}

export function declare(command: Command, act: Act): void {
  command.addHelpText(
    'after',
    `
Examples:
  chancery keys list
  chancery keys create second
  chancery keys trust ed25519:… --label second --purpose run --purpose work
  chancery keys rotate runtime
  chancery keys passphrase owner
  chancery keys retire ed25519:…`,
  );
  command.action(() =>
    refuse('usage.invalid', 'say what to do with keys', {
      remedy:
        'Use `chancery keys list`, `create`, `trust`, `rotate`, `passphrase`, `retire`, `compromise`, `sign` or `record`.',
    }),
  );
  declareList(command.command('list'), act);
  declareCreate(command.command('create'), act);
  declareTrust(command.command('trust'), act);
  declareRotate(command.command('rotate'), act);
  declarePassphrase(command.command('passphrase'), act);
  declareRetire(command.command('retire'), act, tellEnded);
  declareCompromise(command.command('compromise'), act, tellEnded);
  declareSign(command.command('sign'), act);
  declareRecord(command.command('record'), act);
}

function declareList(command: Command, act: Act): void {
  command
    .description('the keys that the ledger knows, and those of this home')
    .option('--agent', 'with the Ed25519 keys that the SSH agent holds')
    .option('--json', 'one JSON line of type "key" for each')
    .addHelpText(
      'after',
      `
Roots say whom the ledger trusts, and are trusted for nothing else unless that is said of them too.
A key without a purpose is in this home and means nothing to this ledger. Wherever a command takes
--key, the Ed25519 key of an SSH agent is named as ssh-agent: and its comment, or its id.

Examples:
  chancery keys list
  chancery keys list --json | jq -r 'select(.purposes | index("approve")) | .key'`,
    )
    .action((flags: ListFlags) => act(flags, (session) => list(session, flags)));
}

function declareCreate(command: Command, act: Act): void {
  command
    .description('make a key in this home')
    .argument('[name]', 'of the file; of the runtime that works here: runtime', 'runtime')
    .option('--json', 'one JSON line of type "key"')
    .addHelpText(
      'after',
      `
The key is a file in the folder keys of the home, for you alone; the home needs no ledger. None trusts
the key until enough of its roots have said so. A key that exists is never overwritten.

Examples:
  chancery keys create
  chancery keys create deputy`,
    )
    .action((name: string, flags: CommonFlags) => act(flags, (session) => create(session, name)));
}

function declareTrust(command: Command, act: Act): void {
  sayingOptions(command)
    .description('have the ledger trust a key for some purposes')
    .argument('<key>', 'ed25519: and 64 hexadecimal digits')
    .requiredOption('--label <name>', 'what people call it')
    .requiredOption('--purpose <purpose>', 'what for, see below; repeatable', more)
    .option('--json', 'one JSON line of type "key"')
    .addHelpText(
      'after',
      `
  issue        sign writs, and so let a key act
  approve      vote on held actions; halt, clear, prune and erase
  run          sign heads and snapshots of the ledger, as the runtime of a server does
  work         sign what a worker has done
  sign-policy  say which policies decide
  witness      cosign heads of the ledger

A key keeps the purposes that it has. What a key may do in a run is said by a writ that names it:
\`chancery writ issue FILE --subject KEY\`.

Examples:
  chancery keys trust ed25519:… --label second --purpose run --purpose work
  chancery keys trust ed25519:… --label deputy --purpose approve --key root-1.json --key root-2.json
  chancery keys trust ed25519:… --label deputy --purpose approve --unsigned trust.json`,
    )
    .action((key: string, flags: TrustFlags) =>
      act(flags, (session) => trust(session, key, flags)),
    );
}

/** A key as it is told. */
interface ShownKey {
  readonly key: KeyId;
  readonly label: string;
  readonly root: boolean;
  readonly purposes: readonly Purpose[];
  readonly state: KeyStanding['state'];
  readonly since: KeyStanding['since'];
  readonly voidFrom: KeyStanding['voidFrom'];
  /** Where it is in this home; null for one that is elsewhere. */
  readonly file: string | null;
}

async function list(
  { home, terminal, json, env }: Session,
  { agent = false }: ListFlags,
): Promise<number> {
  const held = agent ? granted(await keysOfAgent(env)) : [];
  const files = [...granted(await keysIn(home)), ...held];
  return reading(home, async ({ store, ledger }) => {
    const known = await new Authority(store, ledger).trust();
    const shown = keysOf(known, files);
    if (json) for (const key of shown) terminal.json({ type: 'key', ...key });
    else {
      showTable(terminal, ['KEY', 'LABEL', 'HERE', 'MAY', 'STANDS'], shown.map(rowOf));
      terminal.line();
      terminal.line(agreementOf(known));
    }
    return exitCodes.ok;
  });
}

function agreementOf({ genesis: { threshold, roots } }: Trust): string {
  return roots.length === 1
    ? 'Its root says whom the ledger trusts.'
    : `${threshold} of ${roots.length} roots must agree on whom the ledger trusts.`;
}

/** Roots first, then the other keys that the ledger knows, then those that are only here. */
function keysOf(known: Trust, files: readonly KeyFile[]): readonly ShownKey[] {
  const { roots } = known.genesis;
  const ids = new Set([...roots, ...known.keys.keys(), ...files.map(({ id }) => id)]);
  return [...ids].map((key) => keyOf(known, files, key));
}

function keyOf(known: Trust, files: readonly KeyFile[], key: KeyId): ShownKey {
  const trusted = known.keys.get(key);
  const here = files.find(({ id }) => id === key);
  return {
    key,
    label: trusted?.label ?? here?.label ?? '',
    root: known.genesis.roots.includes(key),
    purposes: trusted?.purposes ?? [],
    ...standingOf(trusted),
    file: here?.file ?? null,
  };
}

function rowOf(shown: ShownKey): readonly Cell[] {
  const { key, label, root, purposes, file } = shown;
  const may = [...(root ? ['root'] : []), ...purposes];
  return [
    { text: key },
    { text: visible(label), colour: 'bold' },
    { text: file === null ? 'no' : 'yes', colour: 'dim' },
    may.length === 0 ? { text: 'nothing', colour: 'dim' } : { text: may.join(' ') },
    { text: standingText(shown), colour: shown.state === 'compromised' ? 'red' : 'dim' },
  ];
}

function standingText({ state, since, voidFrom }: ShownKey): string {
  if (since === null) return '';
  const what = voidFrom === null ? state : `${state} from entry ${voidFrom} on, said`;
  return `${what} at entry ${since}`;
}

/** Tells how a key stands after the roots have said something of it. */
async function tellEnded(
  { home, terminal, json }: Session,
  known: Trust,
  key: KeyId,
  what: string,
): Promise<void> {
  const shown = keyOf(known, granted(await keysIn(home)), key);
  if (json) terminal.json({ type: 'key', ...shown });
  else terminal.line(`${visible(shown.label)} ${what}.`);
}

async function create({ home, terminal, json, env }: Session, name: string): Promise<number> {
  granted(makeHome(home));
  const { id, label, file } = granted(await makeKey(home, name));
  if (json) {
    const told = { key: id, label, root: false, purposes: [], ...standingOf(undefined), file };
    terminal.json({ type: 'key', ...told });
    return exitCodes.ok;
  }
  showFields(terminal, [
    ['Key', id],
    ['File', visible(file)],
  ]);
  terminal.line();
  terminal.line('No ledger trusts it yet. Where a root’s key is:');
  terminal.line(`${ownName(env)} keys trust ${id} --label ${label} --purpose …`);
  return exitCodes.ok;
}

async function trust(session: Session, key: string, flags: TrustFlags): Promise<number> {
  const { home, terminal, json } = session;
  const named = granted(readKeyId(key));
  const label = granted(readLabel(flags.label));
  const purposes = granted(readPurposes(flags.purpose));
  const files = granted(await keysIn(home));
  const sayings = sayTrust({ key: named, label, purposes });
  return say(session, flags, sayings, async ({ authority }, entries) => {
    const shown = keyOf(await authority.trust(), files, named);
    if (json) terminal.json({ type: 'key', ...shown });
    else {
      const before = entries.length === 0 ? 'was trusted before' : 'is trusted';
      terminal.line(`${visible(shown.label)} ${before}: it may ${shown.purposes.join(', ')}.`);
    }
    return exitCodes.ok;
  });
}

function readLabel(label: string): Result<string> {
  return label.length >= 1 && label.length <= 128 && label.isWellFormed()
    ? done(label)
    : refused('usage.invalid', 'the label of a key has 1 to 128 characters');
}

function readPurposes(named: readonly string[]): Result<readonly Purpose[]> {
  const wrong = named.find((name) => !allPurposes.some((purpose) => purpose === name));
  if (wrong !== undefined) {
    return refused('usage.invalid', `there is no purpose ${JSON.stringify(wrong)}`, {
      remedy: `Say --purpose with one of: ${allPurposes.join(', ')}.`,
    });
  }
  return done(allPurposes.filter((purpose) => named.includes(purpose)));
}
