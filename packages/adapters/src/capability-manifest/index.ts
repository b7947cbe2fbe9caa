export { manifestCapabilities } from './capability.ts';
export { type Executors } from './executors.ts';
export { plan, type Planned } from './plan.ts';
