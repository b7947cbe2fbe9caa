export { linkedProgram } from './link.ts';
