import type { Format } from '../format-detector.ts';
import { aiFormats } from './ai.ts';
import { cloudFormats } from './cloud.ts';
import { codeFormats } from './code.ts';
import { commerceFormats } from './commerce.ts';
import { dataFormats } from './data.ts';
import { messageFormats } from './messages.ts';

export { secretNames } from './names.ts';
export { nearFormats } from './near.ts';
export { patterns } from './patterns.ts';

/** Tokens that are known by themselves, by what their providers are for. */
export const formats: readonly Format[] = [
  ...aiFormats,
  ...cloudFormats,
  ...codeFormats,
  ...commerceFormats,
  ...dataFormats,
  ...messageFormats,
];
