/**
 * A child of the bench: a modem whose far end is a machine gun. It prints its PTY's path. With `raw` it begins in a call; else it answers AT as the responder does, and CONNECT to a dial command. In the call the byte S
 * makes it send as many MB as its argument says, as fast as they are taken, and tell how long that took; every other byte comes back.
 */
import { readSync, writeSync } from 'node:fs';
import { openMaster } from './master.js';

const [megabytes, mode] = process.argv.slice(2);
const CR = 0x0d;
const START = 'S'.charCodeAt(0);
const master = await openMaster();
const buffer = Buffer.alloc(4096);
const block = Buffer.alloc(4096, 'x');
let inCall = mode === 'raw';
let line = '';
for (;;) {
  const bytes = buffer.subarray(0, readSync(master, buffer));
  for (const byte of bytes) {
    if (inCall) talk(byte);
    else command(byte);
  }
}

function talk(byte) {
  if (byte !== START) {
    writeSync(master, Buffer.of(byte));
    return;
  }
  const begin = performance.now();
  for (let sent = 0; sent < megabytes * 2 ** 20; ) sent += writeSync(master, block);
  console.log(String(performance.now() - begin));
}

function command(byte) {
  line += String.fromCharCode(byte);
  writeSync(master, Buffer.of(byte));
  if (byte !== CR) return;
  inCall = /^ATD/.test(line);
  writeSync(master, inCall ? '\r\nCONNECT 33600\r\n' : '\r\nOK\r\n');
  line = '';
}
