/** A child of the bench: the least that can be on the other end of a PTY. To each line it sends the line back, then OK, as a modem with its echo on does. It prints the slave's path and goes on until it is killed. */
import { readSync, writeSync } from 'node:fs';
import { openMaster } from './master.js';

const CR = 0x0d;
const OK = Buffer.from('\r\nOK\r\n', 'latin1');

const master = await openMaster();
const buffer = Buffer.alloc(4096);
for (;;) {
  const bytes = buffer.subarray(0, readSync(master, buffer));
  writeSync(master, bytes);
  for (const byte of bytes) if (byte === CR) writeSync(master, OK);
}
