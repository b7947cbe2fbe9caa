import { isJsonObject, parseRecord } from '@chancery/kernel/encoding';
import { checkManifest, type Manifest } from '@chancery/kernel/manifest';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { ofFile } from '../policies/source.ts';
import { textIn } from '../text-file.ts';

/** The text of a file that says this. */
export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Reads a file. Refuses `usage.invalid`, and `manifest.invalid` naming the file and the member. */
export function manifestIn(file: string): Manifest {
  return ofFile(file, readManifestFile(textIn(file)));
}

/** Reads the text of a file. Refuses `manifest.invalid`. */
function readManifestFile(text: string): Result<Manifest> {
  const parsed = parseRecord(text);
  if (!parsed.ok) return refused('manifest.invalid', parsed.refusal.message);
  if (!isJsonObject(parsed.value)) return refused('manifest.invalid', 'it must be an object');
  const manifest = parsed.value as unknown as Manifest;
  const wrong = checkManifest(manifest);
  return wrong === undefined ? done(manifest) : { ok: false, refusal: wrong };
}
