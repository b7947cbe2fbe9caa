export { abandon } from './abandon.ts';
export { authoriseDirectly, authoriseUnder, type Authorised } from './authorise.ts';
export { drive, type DriveEnd, type DriveOptions } from './drive.ts';
export { type DrivenRun } from './driven-run.ts';
export { BlobContents } from './contents.ts';
export { type House, type RunFiles, type RunLocks } from './house.ts';
export { resumeRun, type HeldRun, type ResumeRequest } from './open-run.ts';
export { sharedPaths, startRun, type RunRequest } from './start-run.ts';
export { restOn, watchControls } from './watch.ts';
