import { readdirSync, readFileSync } from 'node:fs';

const closeOnExec = 0o2000000;

/** O_CLOEXEC is absent from the flags line of `/proc/self/fdinfo/N`. */
function isInherited(descriptor: string): boolean {
  const info = readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8');
  const flags = /^flags:\s*([0-7]+)$/m.exec(info)?.[1];
  return flags === undefined || (parseInt(flags, 8) & closeOnExec) === 0;
}

function findInherited(): readonly number[] {
  return readdirSync('/proc/self/fd')
    .filter((name) => Number(name) > 2)
    .filter((name) => {
      try {
        return isInherited(name);
      } catch {
        // The descriptor that listed the folder is gone by now: a child cannot get it.
        return false;
      }
    })
    .map(Number);
}

let inherited: readonly number[] | undefined;

/**
 * Descriptors that whoever started this process left open in it and that a child would get as
 * well. Node marks only the low ones as close-on-exec, and opens none of its own without.
 */
export function inheritedDescriptors(): readonly number[] {
  inherited ??= findInherited();
  return inherited;
}
