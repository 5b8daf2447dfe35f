/** Runs a piece of our code as a user without rights, in a process of its own: an access check in a test that runs as root would prove nothing. */
import { spawnSync } from 'node:child_process';
import { buildSync } from 'esbuild';

/** A user that no passwd file has. */
const STRANGER = 61_234;

/**
 * Runs a module's text (TypeScript, imports relative to the project's root) and returns what it printed, as JSON.
 */
export function asOrdinaryUser(code: string): unknown {
  const { outputFiles } = buildSync({
    stdin: { contents: code, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['serialport', 'usb', 'koffi'],
    define: { 'import.meta.url': '"file:///"' },
    write: false,
  });
  // The checkout may be closed to him, so the program is handed over by stdin, and the folder it runs in is open to all.
  const isRoot = process.getuid?.() === 0;
  const ran = spawnSync(process.execPath, ['-'], {
    input: outputFiles[0]!.text,
    cwd: '/',
    encoding: 'utf8',
    ...(isRoot ? { uid: STRANGER, gid: STRANGER } : {}),
  });
  if (ran.status !== 0) throw new Error(ran.stderr || String(ran.error));
  return JSON.parse(ran.stdout);
}
