import { createRequire } from 'node:module';
import { done, refused, type Result } from '@chancery/kernel/refusal';

type Cedar = typeof import('@cedar-policy/cedar-wasm/nodejs');

const library = '@cedar-policy/cedar-wasm/nodejs';
const require = createRequire(import.meta.url);

let loaded: Cedar | undefined;

/** Cedar's own library. Loaded at first use: most commands need no more than a built bundle. */
export function cedar(): Cedar {
  loaded ??= require(library) as Cedar;
  return loaded;
}

/**
 * What the library says to a text that somebody wrote. Refuses `policy.invalid` where it breaks down
 * over it, for want of stack or memory, and loads it anew: its memory is not to be trusted then.
 */
export function askCedar<T>(ask: (library: Cedar) => T): Result<T> {
  try {
    return done(ask(cedar()));
  } catch (error) {
    if (!isBreakdown(error)) throw error;
    loaded = undefined;
    Reflect.deleteProperty(require.cache, require.resolve(library));
    return refused('policy.invalid', 'the text is more than Cedar can read', {
      remedy: 'Write smaller rules, with fewer lines of comment in a row.',
    });
  }
}

/** A trap of WebAssembly; the end of the stack is told as a `RangeError`. */
function isBreakdown(error: unknown): boolean {
  return error instanceof Error && (error.name === 'RuntimeError' || error.name === 'RangeError');
}
