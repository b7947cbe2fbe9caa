export type { FakeAnswer, FakeCall, FakeReply, FakeUsage, Wire } from './scenario.ts';
export { startFakeLlm, type FakeLlm, type FakeLlmOptions, type RecordedRequest } from './server.ts';
