/** A PTY from Debian's own `script`, held open until the test ends. */
import { spawn } from 'node:child_process';

export async function openPty(): Promise<{ path: string; close(): void }> {
  const child = spawn('script', ['-qec', 'tty; exec sleep 60', '/dev/null'], { stdio: ['pipe', 'pipe', 'ignore'] });
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    const path = /\/dev\/pts\/\d+/.exec(text)?.[0];
    if (path) {
      return {
        path,
        close: () => {
          child.kill('SIGKILL');
        },
      };
    }
  }
  throw new Error(`no PTY: ${text}`);
}
