/** iaxmodem: spandsp's V.250 and T.31 parser on a PTY. Without an IAX2 server it has no telephone line. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../virtual/support/wait.ts';

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
    const owner = `${process.getuid?.()}:${process.getgid?.()}`;
    // refresh 0: it registers nowhere.
    const settings = {
      device: tty,
      owner,
      mode: '660',
      port: '4577',
      refresh: '0',
      server: '127.0.0.1',
      peername: 'x',
    };
    const lines = Object.entries({ ...settings, secret: 'x', codec: 'slinear' }).map(
      ([name, value]) => `${name} ${value}\n`,
    );
    writeFileSync(config, lines.join(''));
    // It takes a name and looks in /etc/iaxmodem only.
    const child = spawn('iaxmodem', [join('../..', config)], { stdio: 'ignore' });
    await until('iaxmodem has made its tty', () => existsSync(tty) || child.exitCode !== null);
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
