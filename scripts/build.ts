import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundle } from './build/bundle.ts';
import { buildKernelPackage } from './build/kernel-package.ts';
import { pageText } from './build/page.ts';

/*
 * node scripts/build.ts [FOLDER]
 *
 * Builds what works without this repository into FOLDER (dist): the verifier as a program of one file
 * and as a page of one file, and the package of the kernel.
 */

const root = path.resolve(import.meta.dirname, '..');
const out = path.resolve(process.argv[2] ?? path.join(root, 'dist'));
const verifier = path.join(root, 'apps/verifier/src');

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const programFile = path.join(out, 'chancery-verify.mjs');
const program = await bundle(path.join(verifier, 'main.ts'), 'node');
writeFileSync(programFile, `#!/usr/bin/env node\n${program}`, { mode: 0o755 });

const script = await bundle(path.join(verifier, 'page/page.ts'), 'browser');
const template = readFileSync(path.join(verifier, 'page/page.html'), 'utf8');
const style = readFileSync(path.join(verifier, 'page/page.css'), 'utf8');
writeFileSync(path.join(out, 'chancery-verify.html'), pageText(template, style, script));

buildKernelPackage(root, path.join(out, 'kernel'), programFile);
console.log(`built:  ${path.relative(process.cwd(), out)}`);
