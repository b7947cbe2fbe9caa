export {
  type FakeAnswer,
  type FakeCall,
  type FakeReply,
  type FakeUsage,
  type Wire,
} from './scenario.ts';
export { startFakeLlm, type FakeLlm, type FakeLlmOptions, type RecordedRequest } from './server.ts';
