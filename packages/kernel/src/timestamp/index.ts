export type { AttestedTime } from './attested-time.ts';
export type { Certificate } from './certificate.ts';
export { checkReply, replyBytesMax, type Expected } from './check.ts';
export { judgeTimestamp, type AttestedHead } from './judge.ts';
export { timeRequest } from './request.ts';
export { formatTimestampFile, parseTimestampFile, type TimestampFile } from './timestamp-file.ts';
export { readTrusted } from './trusted.ts';
