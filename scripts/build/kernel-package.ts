import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly devDependencies?: unknown;
  readonly engines?: unknown;
}

const program = 'chancery-verify';

/**
 * Makes the package of the kernel as others install it: JavaScript and types, because Node strips no
 * types inside `node_modules`, and the verifier as its command.
 */
export function buildKernelPackage(root: string, folder: string, programFile: string): void {
  const config = path.join(root, 'tsconfig.build.json');
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  mkdirSync(path.join(folder, 'bin'), { recursive: true });
  execFileSync(
    process.execPath,
    [compiler, '-p', config, '--outDir', path.join(folder, 'dist'), '--pretty', 'false'],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const source = readFileSync(path.join(root, 'packages/kernel/package.json'), 'utf8');
  const manifest = published(JSON.parse(source) as Manifest);
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  copyFileSync(path.join(root, 'LICENSE'), path.join(folder, 'LICENSE'));
  const command = path.join(folder, 'bin', `${program}.mjs`);
  copyFileSync(programFile, command);
  chmodSync(command, 0o755);
}

function published({ devDependencies: _, ...manifest }: Manifest): object {
  return {
    ...manifest,
    engines: { node: '>=22' },
    files: ['dist', 'bin'],
    bin: { [program]: `./bin/${program}.mjs` },
    exports: mapped(manifest.exports, (source) => ({
      types: built(source, '.d.ts'),
      default: built(source, '.js'),
    })),
    imports: mapped(manifest.imports, (conditions) =>
      mapped(conditions, (source) => built(source, '.js')),
    ),
  };
}

function mapped<T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

function built(source: string, extension: string): string {
  return source.replace('./src/', './dist/').replace(/\.ts$/, extension);
}
