/** Runs in a process of its own: one ioctl with an int argument on descriptor 3, for a caller who sets the deadline. Exit code 0 if it succeeded. */
import { loadLibc } from './libc.ts';

const [request = Number.NaN, value = Number.NaN] = process.argv.slice(2).map(Number);
const libc = await loadLibc();
const argument = Buffer.alloc(4);
argument.writeInt32LE(value);
process.exitCode = libc && libc.ioctl(3, request, argument).errno === null ? 0 : 1;
