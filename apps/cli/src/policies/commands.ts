import type { FoundCommand, ReadCommand } from '../compose/policies.ts';
import { showFields, type Field } from '../terminal/fields.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { visible } from '../terminal/visible.ts';

/** A command of a line, as a program is told of it. */
export function commandMembers(command: FoundCommand) {
  const { program, subcommand, words, does, reads, writes, unclear } = command;
  return { program, subcommand: subcommand ?? null, words, does, reads, writes, unclear };
}

/** Every command that a line could run, and what is not understood. */
export function showCommands(terminal: Terminal, { commands, unclear, writes }: ReadCommand): void {
  const { paint } = terminal;
  terminal.line();
  for (const { words, does, writes: own, unclear: why } of commands) {
    const told = [...does, ...own.map((path) => `> ${path}`)].join(', ');
    const doubt =
      why.length === 0 ? '' : paint.yellow(`  not understood: ${visible(why.join('; '))}`);
    const text = visible(words.join(' '));
    terminal.line(`${paint.bold(text)}  ${told === '' ? 'nothing' : visible(told)}${doubt}`);
  }
  const fields: readonly Field[] = [
    ...(writes.length === 0 ? [] : [['Writes', visible(writes.join(', '))] as const]),
    ...(unclear.length === 0 ? [] : [['Unclear', visible(unclear.join('; '))] as const]),
  ];
  if (fields.length > 0) showFields(terminal, fields);
}
