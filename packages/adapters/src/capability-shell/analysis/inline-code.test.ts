import { describe, expect, it } from 'vitest';
import { isHarmlessNode } from './node-code.ts';
import { isHarmlessPython } from './python-code.ts';

describe('code for Node', () => {
  it.each([
    '1+1',
    'process.version',
    'process.versions.node',
    'process.env.npm_command',
    'process.argv[2]',
    "require('./package.json').version",
    'require("./package.json").scripts["build"]',
    'Object.keys(require("./package.json").dependencies).length',
    'console.log(JSON.stringify({a: [1,2]}, null, 2))',
    "require('fs').rmSync('dist', {recursive: true, force: true})",
    "const fs = require('node:fs'); fs.cpSync('a', 'b')",
    "const p = require('path'); console.log(p.join('a', `b`))",
    "fs.readdirSync('.').filter((f, i) => f.endsWith('.ts') && i > 1).map(f => f.length)",
    'new Date().toISOString()',
    'Number("1") + Math.max(1, 2)',
    "process.stdout.write('x')",
    "for (const x of process.argv) console.log(x ? 'a' : 'b')",
  ])('is understood: %s', (code) => {
    expect(isHarmlessNode(code)).toBe(true);
  });

  it.each([
    'Object.values(process)',
    'Object.values(process)[5]("spawn_sync")',
    'Object.keys(process)',
    'const p = process; p.binding("x")',
    'const {binding} = process; binding("x")',
    'const {binding: b} = process; b("x")',
    '(({binding: b}) => b("x"))(process)',
    'process.binding("x")',
    'process["binding"]("x")',
    'process?.["binding"]("x")',
    'process.stdout.constructor',
    'process.env.constructor.constructor("x")()',
    'require("child_process").execSync("x")',
    'require("fs").constructor',
    'require("./a").constructor.constructor("x")()',
    'require("./a")["constructor"]',
    'const r = require; r("net")',
    '["net"].map(require)',
    'const c = require("child_process"); c.exec("x")',
    'const fs = require("os"); fs.rmSync("a")',
    'require("\\x6eet")',
    'require(`${"net"}`)',
    'require("net")',
    'import("net")',
    'fetch("http://a")',
    'eval("x")',
    'let eval = 1; eval("x")',
    '(eval => eval("x"))(1)',
    'new Function("x")()',
    'let of = x => x, k = "constr" + "uctor"; of[k]("x")()',
    'vm.runInThisContext("x")',
    'let k="constr"+"uctor"; [][k][k]("x")()',
    '(x => x)`a`.constructor',
    'this.process',
    'globalThis["fet"+"ch"](1)',
    'console._stdout',
    'const os = require("os"), x = os; x.setPriority(1)',
    '/* a */ 1',
    '1 // a',
    '\\u0065val("x")',
    `"${'a'.repeat(5000)}"`,
  ])('is not understood: %s', (code) => {
    expect(isHarmlessNode(code)).toBe(false);
  });
});

describe('code for Python', () => {
  it.each([
    'print(1)',
    'import sys; print(sys.version)',
    'import json,sys; print(json.load(sys.stdin)["a"])',
    'import sys\nprint(sys.version_info.major)',
    'import os; print(os.path.join("a", "b"), os.environ["A"])',
    'from pathlib import Path; print(Path("a").read_text())',
    'import platform; print(platform.system())',
    'import json\nx = json.load(open("a"))\nfor k, v in x.items(): print(k, v, sep="=")',
    'import datetime; print(datetime.datetime.now().isoformat())',
    'print(sorted([len(x) for x in ["a"]], key=lambda x: x))',
  ])('is understood: %s', (code) => {
    expect(isHarmlessPython(code)).toBe(true);
  });

  it.each([
    'import uuid; uuid._get_command_stdout("x")',
    'import uuid; print(uuid.os.system("x"))',
    'import os; os.system("x")',
    'import os; x = os; x.system("x")',
    'import os; print(os)',
    'import os as x; x.system("x")',
    'import os.path; os.system("x")',
    'from os import path; path.os.system("x")',
    'from os import system as s; s("x")',
    'from os import *; system("x")',
    'import subprocess',
    'from subprocess import run',
    'import platform; platform.processor()',
    'import platform; platform.os.system("x")',
    'import sys; sys.modules["os"].system("x")',
    '__import__("os")',
    'print.__self__',
    'exec("x")',
    'exec = 1\nexec("x")',
    'for exec in []: pass\nexec("x")',
    'print(1, exec=1)',
    'eval("1")',
    '"{0.__class__}".format(1)',
    'f"{exec(1)}"',
    "'''a'''",
    'getattr(1, "a")',
    '(lambda: exec("x"))()',
    'print(1) # a',
    '"\\x61"',
    `"${'a'.repeat(5000)}"`,
  ])('is not understood: %s', (code) => {
    expect(isHarmlessPython(code)).toBe(false);
  });
});
