import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
  chmodSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { refusal, RefusalError } from '@chancery/kernel/refusal';

/** Longest path of a socket, in bytes, that every system takes (macOS 103, Linux 107). */
const socketPathBytes = 103;
const privateFolder = 'chancery-';

/** The folder in which a ledger's owner is found; only its user may enter it. */
export interface Office {
  readonly lock: string;
  /** Holds the path of the socket while there is an owner. */
  readonly address: string;
  readonly socket: string;
}

/** @throws {RefusalError} `ledger.unreachable` when the folder is missing or not writable. */
export function openOffice(folder: string): Office {
  const office = join(folder, 'owner');
  reached(() => {
    // Not recursive: the folder of the ledger is there, or it is not ours to make.
    if (statSync(office, { throwIfNoEntry: false }) === undefined) makeFolder(office);
    if ((statSync(office).mode & 0o077) !== 0) chmodSync(office, 0o700);
  });
  return {
    lock: join(office, 'lock.db'),
    address: join(office, 'address'),
    socket: join(office, 'socket'),
  };
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/**
 * A path for the socket that is free: in the office, or where that is too long for a socket, in a
 * new private folder for temporary files. For the holder of the lock alone: it clears away what
 * an owner that was killed has left.
 */
export function takeSocketPath(office: Office): string {
  const left = readAddress(office);
  return reached(() => {
    if (left !== undefined) dropSocket(office, left);
    rmSync(office.socket, { force: true });
    if (Buffer.byteLength(office.socket) <= socketPathBytes) return office.socket;
    return join(mkdtempSync(join(tmpdir(), privateFolder)), 'socket');
  });
}

/** Tells guests where the socket is, once it listens. */
export function writeAddress(office: Office, socket: string): void {
  const draft = `${office.address}.new`;
  reached(() => {
    writeFileSync(draft, socket, { mode: 0o600 });
    renameSync(draft, office.address);
  });
}

/** Where the owner listens, or an owner that was killed has listened. */
export function readAddress(office: Office): string | undefined {
  return reached(() => {
    try {
      return readFileSync(office.address, 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
}

export function dropAddress(office: Office, socket: string): void {
  reached(() => {
    rmSync(office.address, { force: true });
    dropSocket(office, socket);
  });
}

/** Removes a socket, and the private folder that was made for it. */
function dropSocket(office: Office, socket: string): void {
  const folder = dirname(socket);
  const isPrivate = basename(socket) === 'socket' && basename(folder).startsWith(privateFolder);
  if (socket !== office.socket && !isPrivate) return;
  rmSync(socket, { force: true });
  if (socket === office.socket) return;
  try {
    rmdirSync(folder);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTEMPTY') throw error;
  }
}

/** What the file system refuses is `ledger.unreachable`. */
function reached<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new RefusalError(refusal('ledger.unreachable', why));
  }
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
