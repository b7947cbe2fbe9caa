import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { splitNotes } from '@chancery/kernel/tree';
import type { Anchor } from '@chancery/runtime/transparency';

const { O_RDONLY, O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;

/** Keeps checkpoints in a file, one after the other: on another disk, or where backups are made of. */
export function fileAnchor(path: string): Anchor {
  return {
    async publish(note) {
      const before = await read(path);
      return before.ok ? append(path, note) : before;
    },
    published: () => read(path),
  };
}

async function read(path: string): Promise<Result<readonly string[]>> {
  try {
    const text = await readText(path);
    return text === undefined ? unreachable(path, 'no regular file') : splitNotes(text);
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' ? done([]) : unreachable(path, code);
  }
}

/**
 * A link in its place would show, or take, what belongs to another file: none is followed. Undefined
 * for what is no file, such as a pipe, which is not waited for.
 */
async function readText(path: string): Promise<string | undefined> {
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) return undefined;
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

async function append(path: string, note: string): Promise<Result<null>> {
  try {
    const file = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
    try {
      await file.writeFile(note);
      await file.sync();
    } finally {
      await file.close();
    }
    // The name of a new file is durable with its folder.
    const folder = await open(dirname(path), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    return done(null);
  } catch (error) {
    return unreachable(path, codeOf(error));
  }
}

/** @throws what is no failure of the file system. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string')
    return error.code;
  throw error;
}

function unreachable(path: string, code: string): Result<never> {
  return refused('anchor.unreachable', `${path} cannot be read or written (${code})`);
}
