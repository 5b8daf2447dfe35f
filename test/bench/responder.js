/** A child of the bench: the least that can be on the other end of a PTY. To each line it sends the line back, then OK, as a modem with its echo on does. It prints the slave's path and goes on until it is killed. */
import { constants, openSync, readSync, writeSync } from 'node:fs';
import { requireLibc } from '../../dist/native/libc.js';

const CR = 0x0d;
const OK = Buffer.from('\r\nOK\r\n', 'latin1');

const libc = await requireLibc('the bench needs');
// Blocking, and nothing between read and write: no event loop of ours is measured.
const master = libc.posixOpenpt(constants.O_RDWR | constants.O_NOCTTY).value;
libc.grantpt(master);
libc.unlockpt(master);
const path = libc.ptsname(master);
// Held open, so that the master is never hung up between two who open it.
openSync(path, constants.O_RDWR | constants.O_NOCTTY);
console.log(path);

const buffer = Buffer.alloc(4096);
for (;;) {
  const bytes = buffer.subarray(0, readSync(master, buffer));
  writeSync(master, bytes);
  for (const byte of bytes) if (byte === CR) writeSync(master, OK);
}
