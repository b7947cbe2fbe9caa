export { bubblewrapSandbox, type BubblewrapOptions } from './sandbox.ts';
export { unsafeSandbox } from './unsafe.ts';
