export { compileSchema, whyNoSchema } from './compile.ts';
