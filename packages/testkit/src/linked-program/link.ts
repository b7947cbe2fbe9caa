import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'rolldown';
import { madeOnce } from '../shared-folder/index.ts';

/**
 * A program of our sources, linked into few files once for all test files: to find and read its five
 * hundred modules is most of what a short command takes. Each is run as late as it is in the sources.
 * @param main its first module, an absolute path.
 * @returns what to give to Node.
 */
export async function linkedProgram(main: string): Promise<string> {
  const name = path.basename(main, '.ts');
  const folder = await madeOnce(`linked${main.replaceAll(path.sep, '-')}`, async (dir) => {
    await build({
      input: main,
      platform: 'node',
      logLevel: 'warn',
      plugins: [inPlace],
      output: {
        dir,
        format: 'esm',
        entryFileNames: '[name].mjs',
        chunkFileNames: '[name]-[hash].mjs',
      },
    });
  });
  return path.join(folder, `${name}.mjs`);
}

const places = /new URL\('([\w-]+)\.ts', import\.meta\.url\)|import\.meta\.(?:dirname|url)/g;

/** Links what a module starts by its URL as well, and lets it find what else lies beside its source. */
const inPlace: Plugin = {
  name: 'in-place',
  transform: {
    filter: { code: 'import.meta' },
    handler(code, id) {
      const folder = path.dirname(id);
      return code.replaceAll(places, (place: string, started: string | undefined) => {
        if (started !== undefined) {
          const fileName = `${started}.mjs`;
          this.emitFile({ type: 'chunk', id: path.join(folder, `${started}.ts`), fileName });
          return `new URL('${fileName}', import.meta.url)`;
        }
        return JSON.stringify(place.endsWith('url') ? pathToFileURL(id).href : folder);
      });
    },
  },
};
