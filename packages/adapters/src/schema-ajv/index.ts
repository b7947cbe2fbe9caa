export { compileSchema } from './compile.ts';
