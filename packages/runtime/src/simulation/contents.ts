import { parseRecord, type Json } from '@chancery/kernel/encoding';
import type { Content } from '@chancery/kernel/ledger';
import type { ContentSource } from '../removal/index.ts';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The value of a content; undefined where it is gone, or holds none. */
export async function readIfThere(
  source: ContentSource,
  content: Content,
): Promise<Json | undefined> {
  if ('inline' in content) return content.inline;
  const found = await source.read(content.blob);
  return found.kind === 'gone' ? undefined : valueOf(found.bytes);
}

/** The recorded value that bytes hold; undefined where they hold none. */
export function valueOf(bytes: Uint8Array): Json | undefined {
  const parsed = parseRecord(utf8.decode(bytes));
  return parsed.ok ? parsed.value : undefined;
}
