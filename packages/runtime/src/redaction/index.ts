export { learningRedactor, type LearningRedactor } from './learning-redactor.ts';
export { minSecretChars } from './secret-forms.ts';
export { redactor, type Redactor, type RedactorOptions } from './redactor.ts';
export type { Redacted } from './place.ts';
export type { RedactedStream } from './text-stream.ts';
