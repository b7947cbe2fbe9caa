import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { documents, files, read, readJson } from './tree.ts';

interface Manifest {
  readonly name: string;
  readonly license?: string;
  readonly type?: string;
  readonly engines?: { readonly node?: string };
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  readonly link?: boolean;
  readonly integrity?: string;
  readonly resolved?: string;
}

const manifests = files
  .filter((file) => /^((packages|apps)\/[^/]+\/|bench\/peers\/)?package\.json$/.test(file))
  .map((file) => ({ file, ...(readJson(file) as Manifest) }));

describe('every package', () => {
  test('pins exact versions', () => {
    const loose = manifests.flatMap(({ file, dependencies, devDependencies }) =>
      Object.entries({ ...dependencies, ...devDependencies })
        .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
        .map(([name, version]) => `${file}: ${name} ${version}`),
    );
    expect(loose).toEqual([]);
  });

  test('has the licence of the project, is ESM and asks for Node 24', () => {
    const expected = { license: 'Apache-2.0', type: 'module', node: '>=24' };
    for (const { license, type, engines } of manifests)
      expect({ license, type, node: engines?.node }).toEqual(expected);
  });

  test('of ring 0 depends on nothing at run time', () => {
    const kernel = manifests.find(({ name }) => name === '@chancery/kernel');
    expect(kernel?.dependencies ?? {}).toEqual({});
  });

  test('says in docs/dependencies.md why it depends on a package', () => {
    const rows = read('docs/dependencies.md').matchAll(/^\| `([^`]+)` +\|/gm);
    const explained = new Set([...rows].map(([, name]) => name));
    const names = manifests.flatMap(({ dependencies, devDependencies }) =>
      Object.keys({ ...dependencies, ...devDependencies }),
    );
    const foreign = [...new Set(names)].filter((name) => !name.startsWith('@chancery/'));
    expect(foreign.filter((name) => !explained.has(name))).toEqual([]);
  });
});

describe('the lockfiles', () => {
  const lockfiles = files.filter((file) => path.basename(file) === 'package-lock.json');

  test.each(lockfiles)(
    '%s has the content digest of every package and the address of none',
    (file) => {
      const lock = readJson(file) as Lockfile;
      const foreign = Object.entries(lock.packages).filter(
        ([place, { link }]) => place.includes('node_modules/') && link !== true,
      );
      expect(foreign.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
      expect(foreign.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
    },
  );
});

describe('the documents', () => {
  const scripts = manifests.find(({ file }) => file === 'package.json')?.scripts ?? {};

  test.each(documents)('%s names only npm scripts that exist', (document) => {
    const named = [...read(document).matchAll(/\bnpm run ([a-z:-]+)/g)].map(
      ([, name]) => name ?? '',
    );
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
