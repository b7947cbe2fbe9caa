import type { Command } from 'commander';
import type { Contract } from '@chancery/kernel/contract';
import { isKeyId, type KeyId, type Signer } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { ReadWrit, Terms } from '@chancery/kernel/writ';
import { issueStanding, leftOf, type House } from '@chancery/runtime/drive';
import { offeredContracts } from '../compose/capabilities.ts';
import { declaredContracts } from '../compose/declared.ts';
import { signingKey } from '../compose/keys.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { outerRedactor } from '../secrets/guarding.ts';
import { readEffects, readGrants } from '../authority/grants.ts';
import { houseOn, writing } from '../opening.ts';
import { ownName, shellWord } from '../own-name.ts';
import { readBudget, readCount, readDuration, readTime } from '../quantities.ts';
import { budgetUnder, termsOf } from '../runs/run-terms.ts';
import { more } from '../repeatable.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import type { SignedFlags } from '../authority/signing.ts';
import { intoNewFile, loadWrit } from '../authority/writ-file.ts';
import { close, revoke } from '../authority/writ-ending.ts';
import { inspect } from '../authority/writ-inspection.ts';
import { termFields } from '../authority/writ-terms.ts';
import { tree } from '../authority/writ-tree.ts';
import { instant } from '../terminal/amounts.ts';
import { visible } from '../terminal/visible.ts';
import { showFields } from '../terminal/fields.ts';

interface IssueFlags extends CommonFlags {
  readonly subject?: string;
  readonly grant: readonly string[];
  readonly effect: readonly string[];
  readonly budget: readonly string[];
  readonly from?: string;
  readonly for: string;
  readonly children: string;
  readonly depth: string;
  readonly parent?: string;
  readonly key?: string;
}

export function declare(command: Command, act: Act): void {
  command.addHelpText(
    'after',
    `
Examples:
  chancery writ issue docs.writ --grant "fs.write path under docs"
  chancery writ inspect docs.writ
  chancery writ revoke docs.writ --reason "the docs are done"`,
  );
  command.action(() =>
    refuse('usage.invalid', 'say what to do with a writ', {
      remedy: 'Use `chancery writ issue`, `attenuate`, `inspect`, `tree`, `revoke` or `close`.',
    }),
  );
  declareIssue(command.command('issue'), act);
  declareAttenuate(command.command('attenuate'), act);
  declareInspect(command.command('inspect'), act);
  declareTree(command.command('tree'), act);
  declareRevoke(command.command('revoke'), act);
  declareClose(command.command('close'), act);
}

/** What a writ that is issued may say, all of which has a sensible default. */
function withTerms(command: Command): Command {
  return command
    .option(
      '--subject <key>',
      "key that may act under it (default: the runtime's, as --writ needs)",
    )
    .option(
      '--grant <grant>',
      'capability, with conditions if any, such as "fs.write path under docs"; repeatable (default: all)',
      more,
      [],
    )
    .option(
      '--effect <effect>',
      'permitted effect; repeatable (default: pure, read, write)',
      more,
      [],
    )
    .option(
      '--budget <amount>',
      'such as 2usd, 500000tokens, 100calls, 2h, 4hcpu, 10000bytes; repeatable',
      more,
      [],
    )
    .option('--from <time>', 'when it begins to be valid, such as 2026-03-01 (default: now)')
    .option('--for <duration>', 'how long it is valid, from then on', '24h')
    .option(
      '--children <n>',
      'how many writs may be carved out of it in all, one for each run; one that is closed counts on',
      '10',
    )
    .option('--depth <n>', 'how many generations may stand below it', '1');
}

function declareIssue(command: Command, act: Act): void {
  withTerms(command)
    .description('sign a writ that runs are carved out of, into a new file')
    .argument('<file>', 'where to write it; must not be there yet')
    .option(
      '--parent <file>',
      'carve it out of this writ: what is asked for, as far as it is covered',
    )
    .option('--key <key>', 'key to sign with (default: yours; with --parent that of its subject)')
    .option('--json', 'one JSON line of type "writ"')
    .addHelpText(
      'after',
      `
What is not said is as \`chancery run\` would issue it; below another writ, all that is left there of
its budget. The writ is recorded on the ledger. A writ
below another takes its budget out of the other's until \`chancery writ close\`.

Examples:
  chancery writ issue docs.writ --grant "fs.read" --grant "fs.write path under docs"
  chancery writ issue test.writ --grant "fs.read" --grant "shell.run programs in node,npm"
  chancery run "Mend the docs" --writ docs.writ
  chancery writ issue team.writ --depth 2 --budget 20usd --for 30d
  chancery writ issue one.writ --parent team.writ --budget 1usd`,
    )
    .action((file: string, flags: IssueFlags) =>
      act(flags, (session) => issue(session, file, flags)),
    );
}

function declareAttenuate(command: Command, act: Act): void {
  withTerms(command)
    .description('carve a narrower writ out of another one, into a new file')
    .argument('<parent>', 'file of the writ above')
    .argument('<file>', 'where to write it; must not be there yet')
    .option('--key <key>', 'key of the subject of the writ above (default: the one that is here)')
    .option('--json', 'one JSON line of type "writ"')
    .addHelpText(
      'after',
      `
The same as \`chancery writ issue FILE --parent PARENT\`. What is asked for is granted as far as the writ
above covers it, and never beyond. Refused are a capability or an effect that the other has not, a budget
that it has not left, and conditions that leave nothing. Its budget is taken out of the other's until \`chancery writ close\`.

Examples:
  chancery writ attenuate team.writ one.writ --budget 1usd --effect read
  chancery writ attenuate team.writ docs.writ --grant "fs.write path under docs"`,
    )
    .action((parent: string, file: string, flags: IssueFlags) =>
      act(flags, (session) => issue(session, file, { ...flags, parent })),
    );
}

function declareTree(command: Command, act: Act): void {
  command
    .description('show which writs were carved out of which, and what is left of each')
    .argument('[writ]', 'its file, or its id on the ledger, or the first letters of that')
    .option('--json', 'one JSON line of type "writ-node" for each, parents first')
    .addHelpText(
      'after',
      `
Every run has a writ of its own, carved out of the one that it was given. \`open\` is one that gives
authority now; one below a writ that is revoked or closed is so too.

Examples:
  chancery writ tree
  chancery writ tree team.writ --json | jq 'select(.phase == "open") | .subject'`,
    )
    .action((named: string | undefined, flags: CommonFlags) =>
      act(flags, (session) => tree(session, named)),
    );
}

function declareInspect(command: Command, act: Act): void {
  command
    .description('show a writ, and which of its checks fail')
    .argument('<writ>', 'its file, or its id on the ledger, or the first letters of that')
    .option('--json', 'one JSON line of type "writ"')
    .addHelpText(
      'after',
      `
Ends with 0 when every check passes, otherwise with the exit code of the first that fails.

Examples:
  chancery writ inspect docs.writ
  chancery writ inspect 4f2a91`,
    )
    .action((named: string, flags: CommonFlags) =>
      act(flags, (session) => inspect(session, named)),
    );
}

function declareRevoke(command: Command, act: Act): void {
  command
    .description('end a writ, and every writ below it, for good')
    .argument('<writ>', 'its file, or its id on the ledger, or the first letters of that')
    .option('--reason <text>', 'why; recorded', 'revoked by its owner')
    .option('--key <key>', "key of its issuer, or a root's (default: yours)")
    .option('--json', 'one JSON line of type "revoked"')
    .addHelpText(
      'after',
      `
What runs under it, however far below, is ended; nothing new begins.

Examples:
  chancery writ revoke docs.writ
  chancery writ revoke 4f2a91 --reason "the file was lost"`,
    )
    .action((named: string, flags: SignedFlags & CommonFlags) =>
      act(flags, (session) => revoke(session, named, flags)),
    );
}

function declareClose(command: Command, act: Act): void {
  command
    .description('give a writ back: what is left of its budget returns to the writ above')
    .argument('<writ>', 'its file, or its id on the ledger, or the first letters of that')
    .option('--reason <text>', 'why; recorded', 'closed by its owner')
    .option('--key <key>', "key of its subject, its issuer, or a root's (default: yours)")
    .option('--json', 'one JSON line of type "closed"')
    .addHelpText(
      'after',
      `
Nothing can be carved out of it afterwards. The runs under it must have ended, and the writs below it
must be closed. The writ of a run closes by itself when the run ends.

Examples:
  chancery writ close one.writ
  chancery writ close 4f2a91 --reason "not needed any more"`,
    )
    .action((named: string, flags: SignedFlags & CommonFlags) =>
      act(flags, (session) => close(session, named, flags)),
    );
}

async function issue(session: Session, file: string, flags: IssueFlags): Promise<number> {
  const parent = flags.parent === undefined ? null : granted(loadWrit(flags.parent));
  return writing(session.home, async (open) => {
    const house = await houseOn(session, open, {
      ...{ goesOn: undefined, network: false, unsafe: false, onEntry: () => undefined },
      redactor: await outerRedactor(session),
    });
    const offered = await offeredContracts();
    const { manifests } = await house.authority.policies();
    const named = new Map([...offered, ...declaredContracts(manifests)]);
    const asked = granted(readAsked(flags, named));
    const issuer = granted(await issuerOf(session, { parent, key: flags.key, house }));
    const nowMs = house.clock.nowMs();
    const budget =
      parent === null
        ? asked.budget
        : granted(budgetUnder(asked.budget, await leftOf(house, parent)));
    const usual = termsOf(offered, { budget: budget, nowMs: nowMs });
    const terms: Terms = {
      ...usual,
      grants: asked.grants.length === 0 ? usual.grants : asked.grants,
      effects: asked.effects.length === 0 ? usual.effects : asked.effects,
      window: granted(windowOf(asked, nowMs)),
      delegation: asked.delegation,
    };
    const subject = asked.subject ?? house.actor.id;
    granted(checkDepth(parent));
    granted(checkNamed(parent, asked));
    granted(checkEffects(parent, asked.grants, { terms, offered }));
    const request = { issuer, subject, parent, terms };
    const writ = granted(await intoNewFile(file, () => issueStanding(house, request)));
    showIssued(session, file, writ);
    return exitCodes.ok;
  });
}

function showIssued({ terminal, json, env }: Session, file: string, writ: ReadWrit): void {
  if (json) {
    terminal.json({ type: 'writ', id: writ.id, file, ...writ.writ });
    return;
  }
  showFields(terminal, [['Writ', writ.id], ['File', visible(file)], ...termFields(writ.writ)]);
  terminal.line();
  terminal.line(`Next: ${ownName(env)} run "TASK" --repo DIR --writ ${shellWord(file)}`);
}

interface Asked {
  readonly subject: KeyId | undefined;
  readonly grants: Terms['grants'];
  readonly effects: Terms['effects'];
  readonly budget: Partial<Terms['budget']>;
  readonly fromMs: number | undefined;
  readonly forMs: number;
  readonly delegation: Terms['delegation'];
}

function readAsked(flags: IssueFlags, offered: ReadonlyMap<string, Contract>): Result<Asked> {
  const { subject } = flags;
  if (subject !== undefined && !isKeyId(subject)) {
    return refused('usage.invalid', `--subject ${JSON.stringify(subject)} is no key`, {
      remedy: 'Write it as `chancery doctor` shows keys: ed25519:, then 64 hexadecimal digits.',
    });
  }
  return done({
    subject,
    grants: granted(readGrants(flags.grant, offered)),
    effects: granted(readEffects(flags.effect)),
    budget: granted(readBudget(flags.budget)),
    fromMs: flags.from === undefined ? undefined : granted(readTime('--from', flags.from)),
    forMs: granted(readDuration(flags.for)),
    delegation: {
      depth: granted(readCount('--depth', flags.depth)),
      children: granted(readCount('--children', flags.children)),
    },
  });
}

/** Refuses `usage.invalid` for one that is over. */
function windowOf({ fromMs, forMs }: Asked, nowMs: number): Result<Terms['window']> {
  const notBefore = fromMs ?? nowMs;
  const notAfter = notBefore + forMs;
  if (notAfter >= nowMs) return done({ notBefore, notAfter });
  return refused('usage.invalid', `it would have been valid until ${instant(notAfter)}`, {
    remedy: 'Begin later with --from, or let it be valid for longer with --for.',
  });
}

/** A writ without a generation below it could not be given to a run, which carves one. */
function checkDepth(parent: ReadWrit | null): Result<null> {
  if (parent === null || parent.writ.delegation.depth > 1) return done(null);
  return refused('writ.widened', 'nothing could be carved out of a writ below this one', {
    remedy: 'Name a --parent of depth 2 or more, or give that one itself to `chancery run --writ`.',
  });
}

/** What is named is not left out in silence. */
function checkNamed(parent: ReadWrit | null, { grants, effects }: Asked): Result<null> {
  const above = new Set(parent?.writ.grants.map(({ capability }) => capability));
  const missing = grants.find(({ capability }) => !above.has(capability));
  if (parent === null) return done(null);
  if (missing !== undefined) {
    return refused('writ.widened', `the writ above does not grant ${missing.capability}`, {
      details: { component: 'grants' },
      remedy: `Name what it grants: ${[...above].join(', ')}.`,
    });
  }
  const permitted = parent.writ.effects;
  const beyond = effects.find((effect) => effect !== 'pure' && !permitted.includes(effect));
  if (beyond === undefined) return done(null);
  return refused('writ.widened', `the writ above does not permit the effect ${beyond}`, {
    details: { component: 'effects' },
    remedy: `Name what it permits with --effect: ${permitted.join(', ')}.`,
  });
}

/** A capability that is granted by name can be used: the effect of every call of it is permitted. */
function checkEffects(
  parent: ReadWrit | null,
  grants: Terms['grants'],
  { terms, offered }: { readonly terms: Terms; readonly offered: ReadonlyMap<string, Contract> },
): Result<null> {
  const above = parent?.writ.effects;
  const effects = terms.effects.filter((effect) => above?.includes(effect) !== false);
  for (const { capability } of grants) {
    const effect = offered.get(capability)?.effect;
    if (effect === undefined || effect === 'pure' || effects.includes(effect)) continue;
    const message = `every call of ${capability} has the effect ${effect}, which is not permitted`;
    if (above?.includes(effect) === false) {
      return refused('writ.widened', message, {
        details: { component: 'effects' },
        remedy: `The writ above permits ${above.join(', ')}: leave ${capability} out.`,
      });
    }
    return refused('usage.invalid', message, {
      remedy: `Add it: --effect ${[...terms.effects, effect].join(',')}; or leave ${capability} out.`,
    });
  }
  return done(null);
}

interface Signing {
  readonly parent: ReadWrit | null;
  readonly key: string | undefined;
  readonly house: House;
}

/** The key that may issue: yours, or the subject of the writ above where that is the runtime. */
async function issuerOf(
  session: Session,
  { parent, key, house }: Signing,
): Promise<Result<Signer>> {
  const isOurs = key === undefined && parent?.writ.subject === house.actor.id;
  return isOurs ? done(house.actor) : signingKey(session, key);
}
