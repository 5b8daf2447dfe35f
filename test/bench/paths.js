/** Where the built program and the helpers of the bench are. */
import { fileURLToPath } from 'node:url';

export const MODEMCTL = fileURLToPath(new URL('../../bin/modemctl.js', import.meta.url));
