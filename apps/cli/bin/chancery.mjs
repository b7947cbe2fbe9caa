#!/usr/bin/env node
// Runs on any Node that knows modules, to say which one is needed.
var major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write('chancery needs Node 24 or later; this is ' + process.version + '.\n');
  process.exitCode = 2;
} else {
  void import('../src/main.ts');
}
