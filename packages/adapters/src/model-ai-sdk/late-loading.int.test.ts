import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** Addresses of all modules that importing `specifier` loads, in a process of its own. */
function loadedBy(specifier: string): readonly string[] {
  const program = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({
      load(url, context, next) {
        loaded.push(url);
        return next(url, context);
      },
    });
    await import(${JSON.stringify(specifier)});
    console.log(JSON.stringify(loaded));
  `;
  const args = ['--input-type=module', '--eval', program];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as string[];
}

test('the SDK is not loaded before a model is called', () => {
  const loaded = loadedBy(new URL('index.ts', import.meta.url).href);

  expect(loaded).toContain(new URL('live-model.ts', import.meta.url).href);
  expect(loaded.filter((url) => url.includes('/node_modules/'))).toEqual([]);
});
