import { readFileSync } from 'node:fs';
import { isWithin, kindAt } from './place.ts';
import { entriesIn } from './walk.ts';

/** Names of `/proc/net/unix` (proc_net(5)): of sockets that have one in a file system. */
function boundNames(): readonly string[] {
  return readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .map((line) => /^[\da-f]+:(?: +\S+){6} (.+)$/i.exec(line)?.[1] ?? '')
    .filter((name) => name !== '' && !name.startsWith('@'));
}

/**
 * Sockets in these folders that a server of our network namespace listens at: a mount namespace
 * shows them, and neither a read-only mount nor a network namespace keeps a command from connecting.
 * A server may have named its socket from a folder that we do not know: all are looked for then.
 */
export function socketsIn(folders: readonly string[]): readonly string[] {
  const names = boundNames();
  const isIn = (path: string): boolean => folders.some((folder) => isWithin(path, folder));
  const known = names.filter(isIn).filter((path) => kindAt(path) === 'other');
  if (names.every((name) => name.startsWith('/'))) return known;
  const found = folders.flatMap((folder) =>
    [...entriesIn(folder, { passesClosed: true })].flatMap(({ path, entry }) =>
      entry.isSocket() ? [path] : [],
    ),
  );
  return [...new Set([...known, ...found])];
}
