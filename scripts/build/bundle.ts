import { build } from 'rolldown';

/** The text of a program with all that it imports, but for Node's own modules. */
export async function bundle(input: string, platform: 'node' | 'browser'): Promise<string> {
  const { output } = await build({
    input,
    platform,
    write: false,
    logLevel: 'warn',
    output: { format: 'esm', codeSplitting: false, minify: platform === 'browser' },
  });
  return output[0].code;
}
