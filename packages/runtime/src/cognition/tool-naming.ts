/** Names in the form that providers accept, `[a-zA-Z0-9_-]{1,64}`, and back. */
export interface ToolNaming {
  /** @returns the provider's form of a capability's name; every name has one. */
  readonly aliasOf: (name: string) => string;
  /** @returns the capability's name; a name that was never offered comes back as it is. */
  readonly nameOf: (alias: string) => string;
}

const maxLength = 64;

function plainAlias(name: string): string {
  const alias = name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, maxLength);
  return alias === '' ? '_' : alias;
}

/**
 * Gives each name an alias of its own: `fs.read` becomes `fs_read`. Where two names would share
 * one, the later gets a number. The same names in the same order get the same aliases.
 */
export function toolNaming(names: Iterable<string>): ToolNaming {
  const aliases = new Map<string, string>();
  const taken = new Map<string, string>();
  for (const name of names) {
    if (aliases.has(name)) continue;
    const plain = plainAlias(name);
    let alias = plain;
    for (let nth = 2; taken.has(alias); nth += 1) {
      const suffix = `_${nth}`;
      alias = plain.slice(0, maxLength - suffix.length) + suffix;
    }
    aliases.set(name, alias);
    taken.set(alias, name);
  }
  return {
    aliasOf: (name) => aliases.get(name) ?? plainAlias(name),
    nameOf: (alias) => taken.get(alias) ?? alias,
  };
}
