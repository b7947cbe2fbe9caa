import { heldContent, type Content } from './content.ts';
import { systemCallFilter } from './filter.ts';
import { hasLandlock } from './landlock.ts';
import { systemArguments, systemFiles } from './mount.ts';
import { nodeToolchain, type Toolchain } from './toolchain.ts';

/** What is the same for every sandbox of this process. */
export interface Machine {
  /** Arguments of bubblewrap that show the system. */
  readonly system: readonly string[];
  readonly files: ReadonlyMap<string, Content>;
  readonly filter: Content;
  readonly toolchain: Toolchain;
  readonly landlock: boolean;
}

let known: Promise<Machine> | undefined;

/** Undefined for an architecture without a system call filter. */
export function thisMachine(): Promise<Machine> | undefined {
  const filter = systemCallFilter(process.arch);
  if (filter === undefined) return undefined;
  known ??= look(filter);
  return known;
}

async function look(filter: Uint8Array): Promise<Machine> {
  return {
    system: systemArguments(),
    files: systemFiles(),
    filter: heldContent(filter),
    toolchain: nodeToolchain(process.execPath),
    landlock: await hasLandlock(),
  };
}
