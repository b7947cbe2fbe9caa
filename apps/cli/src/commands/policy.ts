import type { Command } from 'commander';
import { refuse } from '../exit.ts';
import { activate, type ActivateFlags } from '../policies/activating.ts';
import { bundle, type BundleFlags } from '../policies/bundling.ts';
import { check, type CheckFlags } from '../policies/checking.ts';
import { compare } from '../policies/comparing.ts';
import { explain, type ExplainFlags } from '../policies/explaining.ts';
import { format, type FormatFlags } from '../policies/formatting.ts';
import { list, print, type ShowFlags } from '../policies/listing.ts';
import { retire, type RetireFlags } from '../policies/retiring.ts';
import type { SourceFlags } from '../policies/source.ts';
import type { RepositoryFlags } from '../policies/repository.ts';
import { simulate, type SimulateFlags } from '../policies/simulating.ts';
import { start, type StartFlags } from '../policies/starting.ts';
import { test } from '../policies/testing.ts';
import { more } from '../repeatable.ts';
import type { Act, CommonFlags } from '../session.ts';

export function declare(command: Command, act: Act): void {
  command.addHelpText(
    'after',
    `
Examples:
  chancery policy list
  chancery policy new team.cedar
  chancery policy test team.cedar --level repository
  chancery policy activate team.cedar --level repository
  chancery policy explain -- git push origin main
  chancery policy simulate team.cedar --level repository`,
  );
  command.action(() =>
    refuse('usage.invalid', 'say what to do with policies', {
      remedy:
        'Use `chancery policy list`, `show`, `new`, `check`, `fmt`, `test`, `diff`, `explain`, `simulate`, `bundle`, `activate` or `retire`.',
    }),
  );
  declareReading(command, act);
  declareWriting(command, act);
  declareExplaining(command.command('explain'), act);
  declareSimulating(command.command('simulate'), act);
  declareBundling(command.command('bundle'), act);
  declareActivating(command.command('activate'), act);
  declareRetiring(command.command('retire'), act);
}

const levelHelp = 'organisation, tenant, repository or run';

/** A policy, and the repository that it is asked about. */
type CompareFlags = SourceFlags & RepositoryFlags & CommonFlags;

function onSource(command: Command): Command {
  return command
    .option('--level <level>', `${levelHelp} (default: tenant)`)
    .option('--name <name>', 'of the policy (default: that of the file)');
}

function declareReading(command: Command, act: Act): void {
  command
    .command('list')
    .description('the policies that decide in this ledger')
    .option('--json', 'one JSON line of type "policy" for each')
    .action((flags: CommonFlags) => act(flags, list));
  command
    .command('show')
    .description('print the text of an active policy')
    .argument('<name>', 'as `policy list` tells it')
    .option('--level <level>', levelHelp)
    .option('--json', 'one JSON line of type "policy-text"')
    .action((name: string, flags: ShowFlags) =>
      act(flags, (session) => print(session, name, flags)),
    );
  onSource(command.command('diff'))
    .description('compare a policy with what is active in its place, or with another file')
    .argument('<file>', 'a policy')
    .argument('[other]', 'what it becomes; else the file is compared with the active policy')
    .option('--repo <dir>', 'what it would take the place of on this repository alone')
    .option('--json', 'one JSON line of type "policy-change" for each rule that differs')
    .action((file: string, other: string | undefined, flags: CompareFlags) =>
      act(flags, (session) => compare(session, [file, other], flags)),
    );
}

function declareWriting(command: Command, act: Act): void {
  command
    .command('new')
    .description('write a commented policy to begin with')
    .argument('<file>', 'must not be there yet')
    .option('--from <starter>', 'narrow, look-only, or default', 'narrow')
    .option('--json', 'one JSON line of type "policy-started"')
    .action((file: string, flags: StartFlags) =>
      act(flags, (session) => start(session, file, flags)),
    );
  onSource(command.command('check'))
    .description('check policies against the published schema, and warn of what is hardly meant')
    .argument('<file...>')
    .option('--strict', 'fail on warnings')
    .option('--json', 'one JSON line of type "policy-checked" for each file')
    .addHelpText('after', warnings)
    .action((files: readonly string[], flags: CheckFlags) =>
      act(flags, (session) => check(session, files, flags)),
    );
  command
    .command('fmt')
    .description('bring policies into their canonical layout')
    .argument('<file...>')
    .option('--check', 'write nothing, and fail where something would change')
    .option('--json', 'one JSON line of type "policy-formatted" for each file')
    .action((files: readonly string[], flags: FormatFlags) =>
      act(flags, (session) => format(session, files, flags)),
    );
  onSource(command.command('test'))
    .description('run the examples that stand in the comments of policies')
    .argument('<file...>')
    .option('--repo <dir>', 'the repository that examples are on which tell none')
    .option('--json', 'one JSON line of type "policy-example" for each')
    .addHelpText('after', examples)
    .action((files: readonly string[], flags: CompareFlags) =>
      act(flags, (session) => test(session, files, flags)),
    );
}

const warnings = `
Warnings:
  permits-everything  a permit without any condition
  forbids-everything  a forbid or a hold without any condition
  never-matches       a capability, an effect or a risk that there is not
  always-so           a condition that every request satisfies
  same-rule           a rule that asks what another asks, and does the same
  permits-nothing     no rule permits: the level denies every action
  only-watched        every rule has @shadow
  no-example          a comment that is written much like an example, and is not run as one`;

const examples = `
An example is a line of comment of its own:

  // example: deny by forbid-remote-git shell.run {"command": "git push"}

First what the policy is to say: permit, hold or deny. Then, with "by", a rule that has to be among
those that mattered; it may be left out. Then the capability, and what is told of the action: members
of the context, as the schema names them. What is not told follows: the programs from the command,
effect and risk from the capability, and all else is as at the beginning of a run, in 1970: an example
for a rule about time tells "timeMs".`;

function declareExplaining(command: Command, act: Act): void {
  onSource(command)
    .description('what policy says of an action, why, and what would have to be different')
    .argument('[command...]', 'a command line for shell.run, after --')
    .option('--capability <name>', 'what is to be used', 'shell.run')
    .option('--with <json>', 'what is told of the action, as in examples', '{}')
    .option('--repo <dir>', 'the repository that it is on: one alone may have policies of its own')
    .option('--file <file>', 'ask this policy alone, and not what is active')
    .option('--action <name>', 'a recorded one: RUN@SEQ, or the digest of an action')
    .option('--json', 'one JSON line of type "policy-explained"')
    .addHelpText(
      'after',
      `
Examples:
  chancery policy explain -- git push origin main
  chancery policy explain --capability fs.write --with '{"path": "package-lock.json"}'
  chancery policy explain --repo ~/shop -- npm publish
  chancery policy explain --file team.cedar -- npm test
  chancery policy explain --action 6gzs@17`,
    )
    .action((words: readonly string[], flags: ExplainFlags) =>
      act(flags, (session) => explain(session, words, flags)),
    );
}

function declareSimulating(command: Command, act: Act): void {
  onSource(command)
    .description('make what was decided again with another policy, and tell what differs')
    .argument('[file]', 'a policy: takes the place of the active one of its level and name')
    .option('--repo <dir>', 'of the level repository: as if it decided on this repository alone')
    .option('--without <name>', 'try what is active without this policy; repeatable', more, [])
    .option(
      '--over <what>',
      '`ledger` (the default), the file of an export, or a run; repeatable',
      more,
      [],
    )
    .option('--since <time>', 'only decisions from then on')
    .option('--jobs <number>', 'threads (default: as many as there are processors)')
    .option('--html <file>', 'write the report as a page, too; must not be there yet')
    .option('--fail-on-flips', 'end with 1 where a decision would have been another')
    .option('--json', 'JSON lines of type "policy-flip", then one of type "policy-simulation"')
    .addHelpText(
      'after',
      `
Asks the policy what the policy of then was asked: each proposal records its question in whole. Until
something flips, what is told of a run is what would have happened. What follows a flip in the same
run is counted apart, as diverged: nobody knows what the agent would have done. What was refused before
policy was asked, or can no longer be read, is counted and not guessed. An export is verified on the
way, and nothing is told of one that does not verify.

Examples:
  chancery policy simulate team.cedar --level repository
  chancery policy simulate team.cedar --over ledger.chancery --html report.html
  chancery policy simulate --without team --over 6gzs --since 2026-03-01`,
    )
    .action((file: string | undefined, flags: SimulateFlags) =>
      act(flags, (session) => simulate(session, file, flags)),
    );
}

function declareBundling(command: Command, act: Act): void {
  onSource(command)
    .description('sign a policy as a bundle that others can activate')
    .argument('<file>', 'a policy, or a bundle that gets one more signature')
    .option('--out <file>', 'of the bundle, not there yet (default: NAME.bundle.json beside it)')
    .option('--key <key>', 'file of the key that signs, or ssh-agent:NAME (default: yours)')
    .option('--json', 'one JSON line of type "policy-bundled"')
    .addHelpText(
      'after',
      `
A bundle holds the text of a policy, what it was built into, its level and its name, under signatures.
Every command that takes a policy takes a bundle, and refuses one of which a byte was edited, or whose
text says something else than it would decide. The signatures tell where it is from. It decides in no
ledger before somebody there activates it.

Examples:
  chancery policy bundle team.cedar --level organisation
  chancery policy bundle team.bundle.json --key second.key.json --out team.both.json
  chancery policy activate team.bundle.json --signed-by ed25519:…`,
    )
    .action((file: string, flags: BundleFlags) =>
      act(flags, (session) => bundle(session, file, flags)),
    );
}

function declareActivating(command: Command, act: Act): void {
  onSource(command)
    .description('have a policy decide from now on, with your signature')
    .argument('<file>', 'a policy, or a bundle')
    .option('--repo <dir>', 'of the level repository: have it decide on this repository alone')
    .option('--signed-by <key>', 'only a bundle that this key has signed; repeatable', more, [])
    .option(
      '--key <key>',
      'file of a key that may sign policies, or ssh-agent:NAME (default: yours)',
    )
    .option('--yes', 'do not ask')
    .option('--json', 'one JSON line of type "policy-activated"')
    .addHelpText(
      'after',
      `
It takes the place of the active policy of its level and name, and stands beside the others. Every
level that has a policy has to permit an action, so a lower level can only narrow. Runs that go on
are decided by it from their next action on. With --repo it counts for runs on that repository alone,
and is elsewhere as if it were not there; without, on every one.

Examples:
  chancery policy activate team.cedar --level repository
  chancery policy activate shop.cedar --level repository --repo ~/shop
  chancery policy activate team.cedar --level repository --yes --json`,
    )
    .action((file: string, flags: ActivateFlags) =>
      act(flags, (session) => activate(session, file, flags)),
    );
}

function declareRetiring(command: Command, act: Act): void {
  command
    .description('have an active policy decide no more, with your signature')
    .argument('<name>', 'as `policy list` tells it')
    .option('--level <level>', levelHelp)
    .option('--reason <text>', 'why; recorded', 'not needed any more')
    .option(
      '--key <key>',
      'file of a key that may sign policies, or ssh-agent:NAME (default: yours)',
    )
    .option('--yes', 'do not ask')
    .option('--json', 'one JSON line of type "policy-retired"')
    .addHelpText(
      'after',
      `
What it forbade is forbidden no more, unless another policy does. The last policy cannot be retired:
without any, nothing is permitted. Everything that it decided stays in the ledger with its text.

Examples:
  chancery policy retire team --reason "merged into the policy of the tenant"`,
    )
    .action((name: string, flags: RetireFlags) =>
      act(flags, (session) => retire(session, name, flags)),
    );
}
