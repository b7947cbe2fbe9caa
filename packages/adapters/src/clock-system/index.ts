export { systemClock } from './clock.ts';
export { newName } from './name.ts';
