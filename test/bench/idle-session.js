/** A child of the bench: a session of the library, open on the tty named, its dialogue set up, doing nothing until it is killed. */
import { systemClock } from '../../dist/core/clock.js';
import { Session } from '../../dist/modem/session.js';

const session = new Session({ info: null, tty: process.argv[2] }, { clock: systemClock });
await session.open();
if (!(await session.answers(5000))) throw new Error('the modem does not answer');
console.log('ready');
// An open port that nobody reads keeps no process alive.
setInterval(() => {}, 1 << 30);
