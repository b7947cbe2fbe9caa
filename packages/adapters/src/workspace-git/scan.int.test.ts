import { lstatSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { naming, type BlobSink } from './file-content.ts';
import { newFolder as newNode, type FolderNode } from './node.ts';
import { newFolder, writeTo } from './repository-fixture.ts';
import { scan } from './scan.ts';
import type { Tracking } from './tracking.ts';

const root = newFolder();
writeTo(root, 'file', '1');
symlinkSync('file', join(root, 'link'));
afterAll(() => rmSync(root, { recursive: true }));

const everything: Tracking = { verdict: () => 'tracked', decide: async () => undefined };

/** Contents that a scan reads. */
async function readsOf(tree: FolderNode, clockMs: number): Promise<readonly string[]> {
  const reads: string[] = [];
  const sink: BlobSink = {
    blob: (bytes) => {
      reads.push(bytes.toString());
      return naming.blob(bytes);
    },
    relieve: async () => undefined,
  };
  await scan({ root, tree, tracking: everything, sink, clockMs, paths: undefined });
  return reads.toSorted();
}

describe('a scan', () => {
  const changedMs = Math.max(
    lstatSync(join(root, 'file')).ctimeMs,
    lstatSync(join(root, 'link')).ctimeMs,
  );

  it('reads a file again while a change could still leave its times as they are', async () => {
    const tree = newNode(undefined);
    const asYoungAsTheClock = lstatSync(join(root, 'file')).ctimeMs;
    expect(await readsOf(tree, asYoungAsTheClock)).toEqual(['1', 'file']);
    expect(await readsOf(tree, changedMs + 1)).toEqual(['1', 'file']);
    expect(await readsOf(tree, changedMs + 1)).toEqual([]);
  });

  it('reads only what has another stamp', async () => {
    const tree = newNode(undefined);
    await readsOf(tree, changedMs + 1);
    writeTo(root, 'file', '2');
    writeTo(root, 'new', '3');
    expect(await readsOf(tree, changedMs + 1)).toEqual(['2', '3']);
  });
});
