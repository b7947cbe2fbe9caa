import { chmodSync, existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { done, refused, type Refused, type Result } from '@chancery/kernel/refusal';
import { systemCodeOf } from './exit.ts';
import { makeFolders } from './folders.ts';
import { userFolder, type Home } from './home.ts';

/** What lies in a home beside what `Home` names; a disk of its own has the last. */
const besides = ['owner', 'worktrees', 'snapshots', 'lost+found'];

/**
 * Makes the folder of a home, for its user alone. Refuses `ledger.unreachable`; `usage.invalid` for a
 * folder that holds other things, which would be taken from everybody else, and `key.exposed` within a
 * checkout, where keys would be committed and shown to agents. A home that is founded stays as it is.
 */
export function makeHome(home: Home): Result<null> {
  const { folder } = home;
  try {
    if (!existsSync(home.config)) {
      const unfit = foreignIn(home) ?? withinCheckout(folder);
      if (unfit !== undefined) return unfit;
    }
    makeFolders(folder, 0o700);
    if (!statSync(folder).isDirectory()) {
      return refused('ledger.unreachable', `${folder} is no folder`, {
        remedy: 'Name a folder with CHANCERY_HOME.',
      });
    }
    if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
    return done(null);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined) throw error;
    return refused('ledger.unreachable', `${folder} cannot be made (${code})`);
  }
}

function foreignIn(home: Home): Refused | undefined {
  const { folder } = home;
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return undefined;
  // The address of a database does not begin as a path does.
  const own = Object.values({ ...home })
    .filter((place) => place?.startsWith(folder + sep) === true)
    .map((place = '') => relative(folder, place).split(sep)[0] ?? '');
  const foreign = readdirSync(folder).find((name) => !isOneOf([...own, ...besides], name));
  if (foreign === undefined) return undefined;
  return refused('usage.invalid', `${folder} holds other things, such as ${foreign}`, {
    remedy: 'Set CHANCERY_HOME to a new folder, or to an empty one.',
  });
}

/** What is written goes by another name at first, as `.NAME.…`, and SQLite keeps files beside its own, as `NAME-wal`. */
function isOneOf(own: readonly string[], name: string): boolean {
  const bare = name.replace(/^\./, '');
  return own.some(
    (each) => name === each || (bare.startsWith(each) && /^[.-]/.test(bare.slice(each.length))),
  );
}

function withinCheckout(folder: string): Refused | undefined {
  const root = checkoutAround(folder);
  if (root === undefined) return undefined;
  const ownFolder = userFolder();
  // Many keep the settings in their own folder under git; no run works on a repository with the home in it.
  if (ownFolder !== '' && root === realFolder(ownFolder)) return undefined;
  return refused('key.exposed', `${folder} lies in the checkout ${root}`, {
    remedy: 'Set CHANCERY_HOME to a folder outside of every repository.',
  });
}

/** The nearest folder around a path, which need not be there yet, that git has a checkout in. */
export function checkoutAround(path: string): string | undefined {
  for (let folder = realFolder(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** Where a path leads, as far as it is there. */
function realFolder(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  return join(realFolder(dirname(path)), basename(path));
}
