import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder that all test files of one `vitest` share; empty at first, gone at the end. */
    readonly sharedFolder: string;
  }
}

export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), 'chancery-shared-'));
  project.provide('sharedFolder', folder);
  return () => rmSync(folder, { recursive: true });
}
