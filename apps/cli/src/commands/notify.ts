import type { Command } from 'commander';
import {
  notifiedKinds,
  readHook,
  type Hook,
  type Notification,
} from '@chancery/domain/notifications';
import { ledgerSize } from '@chancery/runtime/journal';
import { checkWebhook, courierOf, hooksOf, newHookSecret } from '../compose/hooks.ts';
import { keyIn } from '../compose/keys.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { webhookKeyText } from '../notifications/webhook-key.ts';
import { notifyNow } from '../notifications/telling.ts';
import { reading } from '../opening.ts';
import { more } from '../repeatable.ts';
import { inputBytes } from '../standard-input.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { utf8Of } from '../text-file.ts';
import { showTable } from '../terminal/table.ts';
import { visible } from '../terminal/visible.ts';

interface AddFlags extends CommonFlags {
  readonly on: readonly string[];
  readonly channel: readonly string[];
  readonly webhook?: string | undefined;
}

export function declare(command: Command, act: Act): void {
  command.addHelpText(
    'after',
    `
Tells programs and services of what is recorded here: that an action waits for a human, how it was
answered, that a run has ended, that something is halted. What is told holds no argument, file or
answer of an action. It is told in the order of the ledger, at least once each.

Examples:
  chancery notify add desk -- notify-send --app-name chancery waits
  chancery notify add ops --webhook https://hooks.example.org/chancery --channel security
  chancery notify test ops
  chancery notify list`,
  );
  command.action(() =>
    refuse('usage.invalid', 'say what to do with notifications', {
      remedy: 'Use `chancery notify list`, `add`, `remove`, `test` or `send`.',
    }),
  );
  declareList(command.command('list'), act);
  declareAdd(command.command('add'), act);
  declareRemove(command.command('remove'), act);
  declareTest(command.command('test'), act);
  declareSend(command.command('send'), act);
}

function declareList(command: Command, act: Act): void {
  command
    .description('the hooks of this home')
    .option('--json', 'one JSON line of type "hook" for each')
    .addHelpText(
      'after',
      `
Examples:
  chancery notify list`,
    )
    .action((flags: CommonFlags) => act(flags, list));
}

function declareAdd(command: Command, act: Act): void {
  command
    .description('tell a program or a service of what is recorded from now on')
    .argument('<name>', 'what the hook is called: lowercase letters and digits')
    .argument('[command...]', 'behind --: the program that is started for each, and its arguments')
    .option(
      '--on <kind>',
      `what it is told of (default: ${notifiedKinds.join(', ')}); repeatable`,
      more,
      [],
    )
    .option('--channel <name>', 'only requests on this channel of approval; repeatable', more, [])
    .option(
      '--webhook <url>',
      'send to this URL: https, or http on this machine; - reads it from input',
    )
    .option('--json', 'one JSON line of type "hook"')
    .addHelpText(
      'after',
      `
Where the URL is itself a secret, give it on standard input. A command gets one line of JSON on standard input. No shell reads its words, and it has ten seconds.
A webhook gets the same by POST, signed as Standard Webhooks has it: \`v1\` by HMAC with a secret that is
made here and kept beside the hook, \`v1a\` with the key of this runtime. Both are printed.

Examples:
  chancery notify add desk -- notify-send chancery "an action waits"
  chancery notify add ops --webhook https://hooks.example.org/chancery --on approval.requested`,
    )
    .action((name: string, argv: readonly string[], flags: AddFlags) =>
      act(flags, async (session) => {
        const webhook = flags.webhook === '-' ? await inputAddress() : flags.webhook;
        return add(session, hookOf(name, argv, { ...flags, webhook }));
      }),
    );
}

function declareRemove(command: Command, act: Act): void {
  command
    .description('tell a hook nothing more, and forget its secret')
    .argument('<name>', 'of the hook')
    .option('--json', 'one JSON line of type "hook-removed"')
    .addHelpText(
      'after',
      `
Examples:
  chancery notify remove ops`,
    )
    .action((name: string, flags: CommonFlags) =>
      act(flags, async ({ home, terminal, json }) => {
        granted((await hooksOf(home)).remove(name));
        if (json) terminal.json({ type: 'hook-removed', name });
        else terminal.line(`The hook ${name} is told nothing more.`);
        return exitCodes.ok;
      }),
    );
}

function declareTest(command: Command, act: Act): void {
  command
    .description('send a hook a notification that says nothing')
    .argument('<name>', 'of the hook')
    .option('--json', 'one JSON line of type "notified"')
    .addHelpText(
      'after',
      `
It is of the kind \`run.finished\` and tells of a run called \`test\` that does not exist.

Examples:
  chancery notify test ops`,
    )
    .action((name: string, flags: CommonFlags) => act(flags, (session) => test(session, name)));
}

function declareSend(command: Command, act: Act): void {
  command
    .description('tell all hooks of what they were not told of')
    .option('--json', 'one JSON line of type "notified"')
    .addHelpText(
      'after',
      `
Commands that record something do so by themselves. This is for what did not arrive, and for what
others have recorded in a database; it may be called from a timer.

Examples:
  chancery notify send`,
    )
    .action((flags: CommonFlags) => act(flags, send));
}

async function list({ home, terminal, json }: Session): Promise<number> {
  const hooks = granted((await hooksOf(home)).list());
  for (const hook of hooks)
    if (json)
      terminal.json({ type: 'hook', ...hook, to: shownOf(hook.to), secret: null, key: null });
  if (json) return exitCodes.ok;
  if (hooks.length === 0) {
    terminal.line('Nobody is notified. `chancery notify add --help` tells how.');
    return exitCodes.ok;
  }
  const rows = hooks.map(({ name, on, channels, to }) =>
    [name, destinationText(to), channels.join(', '), on.join(', ')].map((text) => ({
      text: visible(text),
    })),
  );
  showTable(terminal, ['hook', 'to', 'channels', 'on'], rows);
  return exitCodes.ok;
}

function hookOf(name: string, argv: readonly string[], flags: AddFlags): Hook {
  const { on, channel: channels, webhook } = flags;
  if ((webhook === undefined) === (argv.length === 0)) {
    refuse('usage.invalid', 'a hook leads either to a command, behind --, or to a --webhook');
  }
  const to = webhook === undefined ? { type: 'command', argv } : { type: 'webhook', url: webhook };
  const kinds = on.length === 0 ? notifiedKinds : on;
  return granted(readHook({ name, on: kinds, channels, to }));
}

async function add(session: Session, hook: Hook): Promise<number> {
  const { home, terminal, json } = session;
  if (hook.to.type === 'webhook') granted(await checkWebhook(hook.to.url));
  const secret = hook.to.type === 'webhook' ? await newHookSecret() : null;
  const signer = secret === null ? null : granted(await keyIn(home.runtimeKey));
  const key = signer === null ? null : webhookKeyText(signer.id);
  await reading(home, async ({ store }) => {
    granted((await hooksOf(home)).add(hook, await ledgerSize(store), secret));
  });
  if (json) {
    terminal.json({ type: 'hook', ...hook, to: shownOf(hook.to), secret, key });
    return exitCodes.ok;
  }
  terminal.line(`The hook ${hook.name} is told of what is recorded from now on.`);
  if (secret !== null && key !== null) {
    terminal.line(`Secret of its signatures v1:       ${secret}`);
    terminal.line(`Public key of its signatures v1a:  ${key}`);
  }
  return exitCodes.ok;
}

async function test(session: Session, name: string): Promise<number> {
  const { home, env, terminal, json } = session;
  const hook = granted((await hooksOf(home)).list()).find((each) => each.name === name);
  if (hook === undefined) return refuse('hook.unknown', `there is no hook called "${name}"`);
  const courier = granted(await courierOf(home, hook, env));
  granted(await courier.deliver(await reading(home, async ({ ledger }) => sample(ledger))));
  if (json) terminal.json({ type: 'notified', count: 1, behind: [] });
  else terminal.line(`The hook ${name} was told.`);
  return exitCodes.ok;
}

function sample(ledger: string): Notification {
  return {
    v: 1,
    id: '0'.repeat(64),
    kind: 'run.finished',
    ...{ ledger, position: 0, atMs: 0 },
    ...{ run: 'test', action: null, channel: null },
    text: 'this is a test of the hook, and tells of nothing',
  };
}

async function send(session: Session): Promise<number> {
  const { home, terminal, json } = session;
  const { count, behind } = await reading(home, (open) => notifyNow(session, open));
  if (json) terminal.json({ type: 'notified', count, behind });
  else terminal.line(count === 1 ? 'One notification has arrived.' : `${count} have arrived.`);
  return behind.length > 0 ? exitCodes.failed : exitCodes.ok;
}

const longestAddress = 16 * 1024;

async function inputAddress(): Promise<string> {
  const bytes = await inputBytes(longestAddress);
  const text = bytes === undefined ? undefined : utf8Of(bytes);
  return (
    text?.trim() ??
    refuse(
      'hook.invalid',
      `standard input holds no address of up to ${longestAddress} bytes of UTF-8`,
    )
  );
}

/** Where a hook leads, without what follows a host: many services have a secret in the path. */
function shownOf(to: Hook['to']): Hook['to'] {
  if (to.type === 'command') return to;
  const url = URL.parse(to.url);
  return { ...to, url: url === null ? 'nowhere' : `${url.origin}/…` };
}

function destinationText(to: Hook['to']): string {
  const shown = shownOf(to);
  return shown.type === 'command' ? `$ ${shown.argv.join(' ')}` : shown.url;
}
