/** The product as a user runs it: one run of the built command line. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const MODEMCTL = fileURLToPath(new URL('../../bin/modemctl.js', import.meta.url));
const MOST_TEXT = 1_000_000;

/** A run that goes on. `ended` resolves with code, signal, stdout and stderr. */
export class Program {
  constructor(world, args, { node = [], onLine = null } = {}) {
    this.stdout = '';
    this.stderr = '';
    this.child = spawn(process.execPath, [...node, MODEMCTL, ...args], {
      env: world.env,
      cwd: world.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout.setEncoding('utf8').on('data', (text) => {
      this.stdout += text;
      if (!onLine) return;
      const lines = this.stdout.split('\n');
      this.stdout = lines.pop();
      for (const line of lines) onLine(line);
    });
    this.child.stderr.setEncoding('utf8').on('data', (text) => {
      this.stderr = (this.stderr + text).slice(-MOST_TEXT);
    });
    this.ended = new Promise((done) => {
      this.child.on('close', (code, signal) => done({ code, signal, stdout: this.stdout, stderr: this.stderr }));
    });
  }

  get pid() {
    return this.child.pid;
  }

  kill(signal) {
    this.child.kill(signal);
  }
}

/** What no run may print, in words; null: it is civil. */
export function incivility({ stdout, stderr }) {
  if (/^\s+at .+:\d+:\d+\)?$/m.test(stderr)) return 'a stack trace';
  const bad = /\[BUG\]|node:internal|UnhandledPromise|Warning:/.exec(stderr);
  if (bad) return bad[0];
  return /[\x00-\x08\x0b-\x1f\x7f]/.test(stdout + stderr) ? 'control characters' : null;
}
