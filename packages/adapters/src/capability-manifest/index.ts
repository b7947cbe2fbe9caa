export { manifestCapabilities } from './capability.ts';
export { shippedManifests } from './shipped/index.ts';
export type { Executors } from './executors.ts';
export { plan, type Planned } from './plan.ts';
export { callFacts, type CallFacts } from './facts.ts';
export { respelledHost } from './reached.ts';
