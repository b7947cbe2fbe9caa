import type { Command } from 'commander';
import { declareFile, lint, retire, type KeyFlags } from '../capabilities/declaring.ts';
import { importMcp, type ImportFlags } from '../capabilities/importing.ts';
import { list, show } from '../capabilities/listing.ts';
import { start, type StartFlags } from '../capabilities/starting.ts';
import { test, type TestFlags } from '../capabilities/testing.ts';
import { refuse } from '../exit.ts';
import { more } from '../repeatable.ts';
import type { Act, CommonFlags } from '../session.ts';

const keyHelp = 'file of a key that may sign policies, or ssh-agent:NAME (default: yours)';

export function declare(command: Command, act: Act): void {
  command.addHelpText(
    'after',
    `
A manifest says what a capability takes and answers, what it does to the world, and what executes it:
a program in the sandbox, a request over HTTP, or a tool of an MCP server. Values are never read again:
each stands in its place, or the call is refused.

Examples:
  chancery capability new pull-request.json --like github.pull-request
  chancery capability lint pull-request.json
  chancery capability declare pull-request.json
  chancery run "Open a pull request" --allow-capability github.pull-request`,
  );
  command.action(() =>
    refuse('usage.invalid', 'say what to do with capabilities', {
      remedy:
        'Use `chancery capability new`, `import-mcp`, `lint`, `test`, `declare`, `list`, `show` or `retire`.',
    }),
  );
  declareNew(command.command('new'), act);
  declareImport(command.command('import-mcp'), act);
  declareLint(command.command('lint'), act);
  declareTest(command.command('test'), act);
  declareDeclare(command.command('declare'), act);
  declareList(command.command('list'), act);
  declareShow(command.command('show'), act);
  declareRetire(command.command('retire'), act);
}

function declareNew(command: Command, act: Act): void {
  command
    .description('write a manifest to begin with, to be changed')
    .argument('<file>', 'must not be there yet')
    .option(
      '--like <name>',
      'github.pull-request, webhook.post or text.count, which runs a program',
      'text.count',
    )
    .option('--json', 'one JSON line of type "capability-file"')
    .addHelpText(
      'after',
      `
Examples:
  chancery capability new count.json
  chancery capability new hook.json --like webhook.post`,
    )
    .action((file: string, flags: StartFlags) =>
      act(flags, (session) => start(session, file, flags)),
    );
}

function declareImport(command: Command, act: Act): void {
  command
    .description('write a manifest for each tool of an MCP server, to be read and declared')
    .argument('[server...]', 'the words that start it, behind --')
    .option('--url <url>', 'where it is, for one that is reached over HTTP')
    .option('--as <group>', 'first part of the names (default: what the server calls itself)')
    .option('--out <dir>', 'folder for the files, none of which may be there yet', '.')
    .option('--share <path>', 'let the server read this path; repeatable', more, [])
    .option('--json', 'JSON lines of type "capability-file" and "mcp-tool-left-out"')
    .addHelpText(
      'after',
      `
The server is started in the sandbox, without network, and asked for its tools; none is called. A manifest
pins its tool by a digest over name, description, schemas, and who the server says it is: where any of that
changes, calls are refused. What a tool does nobody knows, so each is external and irreversible until you
write something else and sign it.

Examples:
  chancery capability import-mcp --share /opt/issues -- node /opt/issues/server.mjs
  chancery capability import-mcp --url https://mcp.example.com/mcp --as example`,
    )
    .action((argv: readonly string[], flags: ImportFlags) =>
      act(flags, (session) => importMcp(session, argv, flags)),
    );
}

function declareLint(command: Command, act: Act): void {
  command
    .description(
      'whether a manifest could be declared, and what of it is hardly meant; signs nothing',
    )
    .argument('<file>')
    .option('--json', 'JSON lines of type "capability-warning", then one of "capability-linted"')
    .addHelpText(
      'after',
      `
Examples:
  chancery capability lint count.json`,
    )
    .action((file: string, flags: CommonFlags) => act(flags, (session) => lint(session, file)));
}

function declareTest(command: Command, act: Act): void {
  command
    .description('what a call would execute, to the last word; executes nothing')
    .argument('<file-or-name>', 'a manifest, or a capability that one declares')
    .requiredOption('--args <json>', 'arguments of the call')
    .option('--json', 'one JSON line of type "capability-call"')
    .addHelpText(
      'after',
      `
Secrets are shown nowhere: a call is lent them when it is executed.

Examples:
  chancery capability test count.json --args '{"file": "README.md"}'`,
    )
    .action((named: string, flags: TestFlags) =>
      act(flags, (session) => test(session, named, flags)),
    );
}

function declareDeclare(command: Command, act: Act): void {
  command
    .description('have runs be offered what a manifest says, with your signature')
    .argument('<file>')
    .option('--key <key>', keyHelp)
    .option('--json', 'JSON lines of type "capability-warning", then one of "capability-declared"')
    .addHelpText(
      'after',
      `
It takes the place of the one of that name, whose version has to be lower. A run that has begun keeps
what it pinned, and is refused it with capability.changed.

Examples:
  chancery capability declare count.json`,
    )
    .action((file: string, flags: KeyFlags) =>
      act(flags, (session) => declareFile(session, file, flags)),
    );
}

function declareList(command: Command, act: Act): void {
  command
    .description('what manifests declare, with their digests')
    .option('--json', 'JSON lines of type "capability"')
    .addHelpText(
      'after',
      `
A digest pins a manifest: in a writ as "NAME manifest in DIGEST", in a policy as resource.manifest.

Examples:
  chancery capability list`,
    )
    .action((flags: CommonFlags) => act(flags, list));
}

function declareShow(command: Command, act: Act): void {
  command
    .description('a manifest in whole, as it was declared')
    .argument('<name>')
    .option('--json', 'one JSON line of type "capability-manifest"')
    .addHelpText(
      'after',
      `
Examples:
  chancery capability show github.pull-request`,
    )
    .action((name: string, flags: CommonFlags) => act(flags, (session) => show(session, name)));
}

function declareRetire(command: Command, act: Act): void {
  command
    .description('have no run be offered it any more, with your signature')
    .argument('<name>')
    .option('--key <key>', keyHelp)
    .option('--json', 'one JSON line of type "capability-retired"')
    .addHelpText(
      'after',
      `
Examples:
  chancery capability retire text.count`,
    )
    .action((name: string, flags: KeyFlags) =>
      act(flags, (session) => retire(session, name, flags)),
    );
}
