import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate, deflateSync } from 'node:zlib';
import { git, type GitPlace } from './git.ts';
import { objectHeader, objectId, type ObjectFormat, type ObjectKind } from './object.ts';
import { presentObjects } from './object-reader.ts';

const deflateAside = promisify(deflate);
/** Speed over size: most objects are small and many are read again soon. */
const compression = { level: 1 };
/** Below this, handing the work to another thread costs more than the work. */
const smallBytes = 256 * 1024;

async function compress(bytes: Uint8Array): Promise<Buffer> {
  return bytes.length < smallBytes
    ? deflateSync(bytes, compression)
    : deflateAside(bytes, compression);
}

interface Pending {
  readonly id: string;
  readonly kind: ObjectKind;
  readonly bytes: Uint8Array;
}

/** A repository that objects are written to. */
export interface ObjectTarget {
  readonly place: GitPlace;
  readonly format: ObjectFormat;
  /** Folder `objects`, where few objects are written without starting git; undefined: always git. */
  readonly looseFolder: string | undefined;
  /** Ids of objects that are known to be durable there. */
  readonly known: Set<string>;
}

const looseAtMost = 24;
const packedAtOnce = 64 * 1024 * 1024;
const packKinds: Readonly<Record<ObjectKind, number>> = { commit: 1, tree: 2, blob: 3 };

/** Objects on their way into a repository. They are durable when `flush` has resolved. */
export class ObjectBatch {
  private readonly target: ObjectTarget;
  private readonly pending = new Map<string, Pending>();
  private pendingBytes = 0;

  constructor(target: ObjectTarget) {
    this.target = target;
  }

  /** Takes an object, whose bytes must not change after, and answers its id. */
  add(kind: ObjectKind, bytes: Uint8Array): string {
    const id = objectId(this.target.format, kind, bytes);
    if (!this.target.known.has(id) && !this.pending.has(id)) {
      this.pending.set(id, { id, kind, bytes });
      this.pendingBytes += bytes.length;
    }
    return id;
  }

  /** Writes what is held when that is much. */
  async relieve(): Promise<void> {
    if (this.pendingBytes > packedAtOnce) await this.flush();
  }

  async flush(): Promise<void> {
    const objects = [...this.pending.values()];
    if (objects.length === 0) return;
    const { looseFolder } = this.target;
    if (looseFolder !== undefined && objects.length <= looseAtMost) {
      await writeLoose(looseFolder, objects);
    } else {
      await writePack(this.target, objects);
    }
    for (const { id } of objects) this.target.known.add(id);
    this.pending.clear();
    this.pendingBytes = 0;
  }
}

/** Loose objects, each durable before its name appears. */
async function writeLoose(folder: string, objects: readonly Pending[]): Promise<void> {
  const touched = new Set<string>();
  await Promise.all(
    objects.map(async ({ id, kind, bytes }) => {
      const home = join(folder, id.slice(0, 2));
      const place = join(home, id.slice(2));
      if (existsSync(place)) return;
      if ((await mkdir(home, { recursive: true })) !== undefined) touched.add(folder);
      const draft = join(home, `tmp_obj_${randomUUID()}`);
      const content = Buffer.concat([objectHeader(kind, bytes.length), bytes]);
      await writeFile(draft, await compress(content), { mode: 0o444, flush: true });
      await rename(draft, place);
      touched.add(home);
    }),
  );
  await Promise.all([...touched].map(syncFolder));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writePack(target: ObjectTarget, objects: readonly Pending[]): Promise<void> {
  const { place, format } = target;
  const ids = objects.map(({ id }) => id);
  const present = await presentObjects(place, ids);
  const absent = objects.filter(({ id }) => !present.has(id));
  if (absent.length === 0) return;
  // git chooses the same way when it receives a push: few objects loose, many as a pack.
  const few = absent.length < 100;
  const command = few ? ['unpack-objects', '-q'] : ['index-pack', '--stdin'];
  await git(place, { args: command, stdin: await encodePack(format, absent) });
}

/** A pack of whole objects, as in git's `pack-format`, version 2. */
async function encodePack(format: ObjectFormat, objects: readonly Pending[]): Promise<Buffer> {
  const header = Buffer.alloc(12);
  header.write('PACK');
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(objects.length, 8);
  const parts: Uint8Array[] = [header];
  for (const object of objects) parts.push(entryHeader(object), await compress(object.bytes));
  const hash = createHash(format);
  for (const part of parts) hash.update(part);
  return Buffer.concat([...parts, hash.digest()]);
}

/** Type in three bits and size in groups of 4, 7, 7 … bits, least significant first. */
function entryHeader({ kind, bytes }: Pending): Buffer {
  const header: number[] = [];
  let low = (packKinds[kind] << 4) | (bytes.length & 15);
  let rest = Math.floor(bytes.length / 16);
  while (rest > 0) {
    header.push(low | 128);
    low = rest & 127;
    rest = Math.floor(rest / 128);
  }
  header.push(low);
  return Buffer.from(header);
}
