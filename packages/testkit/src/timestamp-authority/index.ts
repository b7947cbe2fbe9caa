export { opensslMissing } from './openssl.ts';
export { authorityExtensions, issueTime, timeExtensions, timePki, type Pki } from './pki.ts';
export { forgedReply, replyTo, sequence } from './replies.ts';
export { answering, startTimeServer, type Answerer, type TimeServer } from './server.ts';
export { checked, content, tagged, timeInfo, told } from './time-info.ts';
