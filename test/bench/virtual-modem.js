/** Virtual modems of our own on PTYs, in a process and a folder of its own: nothing of the user's is seen or touched. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MODEMCTL } from './paths.js';

/** The environment without what changes Node itself: NODE_EXTRA_CA_CERTS alone doubles the start of Node 20, and so hides half of what we add. */
function plainEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NODE_')));
}

/** @returns its tty (of several, the first's), the environment in which `modemctl` finds it and no other, and how to end it */
export async function startVirtualModem(count = 1) {
  const folder = mkdtempSync(join(tmpdir(), 'modemctl-bench-'));
  const env = { ...plainEnvironment(), XDG_RUNTIME_DIR: folder, MODEMCTL_DEVICE: '' };
  const child = spawn(
    process.execPath,
    [MODEMCTL, 'virtual', '--json', '--quiet', '--model', Array(count).fill('usr5637').join()],
    {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const stop = () => {
    child.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  };
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    if (text.includes('\n')) return { tty: JSON.parse(text).modems[0].tty, env, stop };
  }
  stop();
  throw new Error('no virtual modem could be started');
}
