import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer as createHttp2Server } from 'node:http2';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as restate from '@restatedev/restate-sdk';
import { endMissing, serveRounds, steps, workflows } from './rounds.mjs';

/*
 * node restate.mjs FOLDER
 *
 * Starts a Restate server of its own in FOLDER, on free ports of the loopback interface, and has it
 * run handlers of steps that do nothing. Restate records each handler and each step.
 */

const [folder = ''] = process.argv.slice(2);
const host = '127.0.0.1';

const service = restate.service({
  name: 'bench',
  handlers: {
    work: async (context) => {
      for (let step = 0; step < steps; step += 1) await context.run('step', () => step);
    },
  },
});

async function freePort() {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** The server's program; undefined where there is none for this platform. */
function serverProgram() {
  const name = `@restatedev/restate-server-${process.platform}-${process.arch}`;
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  return folders
    .map((folder) => path.join(folder, name, 'bin', 'restate-server'))
    .find((file) => existsSync(file));
}

function startServer(program, ports) {
  return spawn(program, ['--base-dir', folder, '--node-name', 'bench', '--log-filter', 'error'], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      TMPDIR: folder,
      RESTATE_BIND_IP: host,
      RESTATE_LISTEN_MODE: 'tcp',
      RESTATE_BIND_PORT: String(ports.node),
      RESTATE_ADMIN__BIND_PORT: String(ports.admin),
      RESTATE_INGRESS__BIND_PORT: String(ports.ingress),
      RESTATE_DISABLE_TELEMETRY: 'true',
      DO_NOT_TRACK: '1',
    },
  });
}

/** Registers the handlers; the server takes some seconds to be ready for it. */
async function register(admin, uri) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      const answer = await fetch(`http://${host}:${admin}/deployments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ uri }),
      });
      if (answer.ok) return;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    await wait(200);
  }
  throw new Error('the Restate server did not become ready');
}

async function call(ingress) {
  const answer = await fetch(`http://${host}:${ingress}/bench/work`, { method: 'POST' });
  if (!answer.ok) throw new Error(`Restate answered ${answer.status}`);
  await answer.text();
}

async function serve(program) {
  const logger = () => undefined;
  const endpoint = createHttp2Server(
    restate.createEndpointHandler({ services: [service], logger }),
  ).listen(0, host);
  await once(endpoint, 'listening');
  const ports = { node: await freePort(), admin: await freePort(), ingress: await freePort() };
  const server = startServer(program, ports);
  const ended = once(server, 'exit');
  process.on('exit', () => server.kill('SIGKILL'));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
  await register(ports.admin, `http://${host}:${endpoint.address().port}`);
  await serveRounds(
    () => Promise.all(Array.from({ length: workflows }, () => call(ports.ingress))),
    async () => {
      server.kill('SIGTERM');
      await ended;
      endpoint.close();
      process.exit(0);
    },
  );
}

const program = serverProgram();
if (program === undefined)
  endMissing(`there is no Restate server for ${process.platform} on ${process.arch}`);
else await serve(program);
