import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { assert } from '@chancery/kernel/refusal';
import { openDatabase } from './database.ts';
import { unpack } from './packing.ts';
import type { FromWriter, ToWriter } from './writer-thread.ts';
import { Writer } from './writer.ts';

/* The program of the thread that `WriterThread` starts; the path of the database is its data. */

assert(parentPort !== null && typeof workerData === 'string', 'this program runs in a thread');
const port = parentPort;
const database = openDatabase(workerData, { readOnly: false, create: false });
const writer = new Writer(database, workerData);

/** Writes what it is told, with all that has come in meanwhile, in one transaction. */
function take(first: ToWriter): void {
  let ends = first === undefined;
  const group = unpack(first ?? []);
  while (!ends) {
    const next: { readonly message: ToWriter } | undefined = receiveMessageOnPort(port);
    if (next === undefined) break;
    ends = next.message === undefined;
    group.push(...unpack(next.message ?? []));
  }
  if (group.length > 0) {
    const settlements = writer.write(group);
    tell({ settlements, isBroken: writer.isBroken });
    writer.makeRoom();
  }
  if (ends) end();
}

function tell(message: FromWriter): void {
  port.postMessage(message);
}

function end(): void {
  writer.close();
  database.close();
  port.close();
}

port.on('message', take);
tell('ready');
