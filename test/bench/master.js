/** The master of a PTY, for children of the bench that play a modem. */
import { constants, openSync } from 'node:fs';
import { requireLibc } from '../../dist/native/libc.js';

/** Prints the slave's path. The descriptor blocks: nothing is between read and write, and no event loop of ours is measured. */
export async function openMaster() {
  const libc = await requireLibc('the bench needs');
  const master = libc.posixOpenpt(constants.O_RDWR | constants.O_NOCTTY).value;
  libc.grantpt(master);
  libc.unlockpt(master);
  const path = libc.ptsname(master);
  // Held open, so that the master is never hung up between two who open it.
  openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  console.log(path);
  return master;
}
