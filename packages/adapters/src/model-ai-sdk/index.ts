export { liveModel, type LiveModelOptions } from './live-model.ts';
export type { ProviderOptions } from './provider.ts';
