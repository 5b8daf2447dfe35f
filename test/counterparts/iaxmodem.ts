/** iaxmodem: spandsp's V.250 and T.31 parser on a PTY. Without an IAX2 server it has no telephone line. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../virtual/support/wait.ts';

/** refresh 0: it registers nowhere. */
const SETTINGS = `owner root:root
mode 660
port 4577
refresh 0
server 127.0.0.1
peername nobody
secret none
codec slinear
`;
const START_LIMIT_MS = 20_000;

export class Iaxmodem {
  readonly tty: string;
  readonly #child: ChildProcess;

  private constructor(tty: string, child: ChildProcess) {
    this.tty = tty;
    this.#child = child;
  }

  static async start(folder: string): Promise<Iaxmodem> {
    const tty = join(folder, 'ttyIAX');
    const config = join(folder, 'iaxmodem.conf');
    writeFileSync(config, `device ${tty}\n${SETTINGS}`);
    // It takes a name and looks in /etc/iaxmodem only.
    const command = ['iaxmodem', join('../..', config)];
    // It wants to be root; in a user namespace anybody is.
    if (process.getuid?.() !== 0) command.unshift('unshare', '--map-root-user');
    const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text));
    await until('iaxmodem has made its tty', () => existsSync(tty) || child.exitCode !== null, START_LIMIT_MS);
    assert.ok(existsSync(tty), `iaxmodem ended with ${child.exitCode}: ${said}`);
    return new Iaxmodem(tty, child);
  }

  /** It hangs: takes bytes, says nothing. Until `wake`. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  wake(): void {
    this.#child.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}
