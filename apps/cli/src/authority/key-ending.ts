import { type Command } from 'commander';
import { isKeyId, type KeyId, type Signer } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { type KnownKey, type Trust } from '@chancery/kernel/writ';
import {
  Authority,
  recordCompromise,
  recordRetirement,
  type EndingKey,
  type Speaking,
} from '@chancery/runtime/authority';
import { openClock, redactorOf } from '../compose/house.ts';
import { signingKey } from '../compose/keys.ts';
import { exitCodes, granted } from '../exit.ts';
import { writing, type OpenLedger } from '../opening.ts';
import { readCount } from '../quantities.ts';
import { secretsOf } from '../secret-variables.ts';
import { more } from '../repeatable.ts';
import { type Act, type CommonFlags, type Session } from '../session.ts';
import { latestMsOf } from './signing.ts';

/** How a key stands, as it is told. */
export interface KeyStanding {
  readonly state: 'unknown' | 'trusted' | 'retired' | 'compromised';
  /** Position of the entry that made it so; null for a key of which nothing was said. */
  readonly since: number | null;
  /** Size of the ledger from which on what it signed is void; null where nothing is. */
  readonly voidFrom: number | null;
}

export function standingOf(known: KnownKey | undefined): KeyStanding {
  const last = known?.spans.at(-1);
  if (known === undefined || last === undefined) {
    return { state: 'unknown', since: null, voidFrom: null };
  }
  const { voidFrom } = known;
  const since = (last.until ?? last.from) - 1;
  if (voidFrom !== undefined) return { state: 'compromised', since, voidFrom };
  return { state: last.until === null ? 'trusted' : 'retired', since, voidFrom: null };
}

interface EndingFlags extends CommonFlags {
  readonly reason: string;
  readonly key: readonly string[];
}

interface CompromiseFlags extends EndingFlags {
  readonly fromSize: string;
}

/** What is told of a key after something was said of it. */
export type TellKey = (session: Session, trust: Trust, key: KeyId, what: string) => Promise<void>;

export function declareRetire(command: Command, act: Act, tell: TellKey): void {
  command
    .description('have the ledger believe nothing new that a key signs')
    .argument('<key>', 'ed25519: and 64 hexadecimal digits')
    .option('--reason <text>', 'why; recorded', 'retired by the roots')
    .option(
      '--key <key>',
      "file of a root's key, or ssh-agent:NAME; repeatable (default: yours)",
      more,
      [],
    )
    .option('--json', 'one JSON line of type "key"')
    .addHelpText(
      'after',
      `
What the key has signed stands: a writ that it issued gives authority until it is revoked. It may be
trusted anew later. For a key that was in other hands, use \`chancery keys compromise\`.

Examples:
  chancery keys retire ed25519:…
  chancery keys retire ed25519:… --reason "left the team"`,
    )
    .action((key: string, flags: EndingFlags) =>
      act(flags, (session) =>
        end(session, { key, flags, tell, what: 'is retired' }, (speaking, ending) =>
          recordRetirement(speaking, ending),
        ),
      ),
    );
}

export function declareCompromise(command: Command, act: Act, tell: TellKey): void {
  command
    .description('have the ledger believe nothing that a key signed from some entry on')
    .argument('<key>', 'ed25519: and 64 hexadecimal digits')
    .requiredOption('--from-size <count>', 'entries that the ledger had when the key was last safe')
    .option('--reason <text>', 'why; recorded', 'it was in other hands')
    .option(
      '--key <key>',
      "file of a root's key, or ssh-agent:NAME; repeatable (default: yours)",
      more,
      [],
    )
    .option('--json', 'one JSON line of type "key"')
    .addHelpText(
      'after',
      `
What it signed at positions from that count on is void from now on: writs and all below them, votes,
policies, what it cleared, heads. What was done meanwhile is not undone: \`chancery verify\`
lists all of it. What the key halted or revoked stays so, since that only takes away. The key is never
trusted again, and the count may be lowered later by saying it again.

Examples:
  chancery keys compromise ed25519:… --from-size 1200
  chancery verify --json | jq '.findings[] | select(.code == "key.compromised")'`,
    )
    .action((key: string, flags: CompromiseFlags) =>
      act(flags, (session) => {
        const fromSize = granted(readCount('--from-size', flags.fromSize));
        const what = `is compromised: what it signed from entry ${fromSize} on is void`;
        return end(session, { key, flags, tell, what }, (speaking, ending) =>
          recordCompromise(speaking, { ...ending, fromSize }),
        );
      }),
    );
}

interface Ending {
  readonly key: string;
  readonly flags: EndingFlags;
  readonly tell: TellKey;
  /** What is true of the key after it. */
  readonly what: string;
}

async function end(
  session: Session,
  { key, flags, tell, what }: Ending,
  record: (speaking: Speaking, ending: EndingKey) => Promise<Result<string>>,
): Promise<number> {
  const { home, env } = session;
  const named = granted(readKeyId(key));
  const roots = await rootSigners(session, flags.key);
  return writing(home, async (open) => {
    const speaking = await speakingOn(open);
    const reason = redactorOf(secretsOf(env)).redactText(flags.reason).value;
    granted(await record(speaking, { key: named, reason, roots }));
    await tell(session, await speaking.authority.trust(), named, what);
    return exitCodes.ok;
  });
}

/** Where the roots of an open ledger speak. */
export async function speakingOn({ store, ledger }: OpenLedger): Promise<Speaking> {
  const clock = await openClock(await latestMsOf(store, 'ledger'));
  return { store, ledger, clock, authority: new Authority(store, ledger) };
}

/** The keys that were named, or the owner's. */
export async function rootSigners(
  session: Session,
  named: readonly string[],
): Promise<readonly Signer[]> {
  const each = named.length === 0 ? [undefined] : named;
  const signers: Signer[] = [];
  // One after the other: each may have to be asked for its passphrase.
  for (const key of each) signers.push(granted(await signingKey(session, key)));
  return signers;
}

export function readKeyId(text: string): Result<KeyId> {
  if (isKeyId(text)) return done(text);
  return refused('usage.invalid', `${JSON.stringify(text)} is no key`, {
    remedy: 'Write it as `chancery keys list` shows keys: ed25519:, then 64 hexadecimal digits.',
  });
}
