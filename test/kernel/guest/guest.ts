// What a case works with: the virtual modems on the kernel's USB bus, the command line, other programs, the kernel's log.
import assert from 'node:assert/strict';
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { KernelLog } from './kernel-log.ts';
import { type Ended, type RunOptions, runProgram } from './process.ts';

const CLI = '/opt/modemctl/bin/modemctl.js';
const NODE = '/opt/node/bin/node';

/** Who runs a program: root; an ordinary user without any rights on serial ports; one of the group dialout, as Debian wants it. */
export type User = 'root' | 'stranger' | 'dialout';

const USERS: Record<Exclude<User, 'root'>, { uid: number; groups: string }> = {
  stranger: { uid: 1001, groups: '--clear-groups' },
  dialout: { uid: 1002, groups: '--groups=20' },
};

/** A run of the command line, with its JSON document if there was one. */
export interface CliResult extends Ended {
  json: unknown;
}

export interface CliOptions extends RunOptions {
  user?: User;
}

export interface StartOptions extends CliOptions {
  /** Default: nothing on stdin, pipes for the rest. */
  stdio?: StdioOptions;
}

export class Guest {
  readonly log = new KernelLog();
  readonly #verbose: boolean;
  readonly #runs: string[] = [];
  readonly #children = new Set<ChildProcess>();
  readonly #cleanups: (() => Promise<void>)[] = [];

  constructor(options: { verbose: boolean }) {
    this.#verbose = options.verbose;
  }

  /** Called before a case: the bus must be empty. */
  async begin(): Promise<void> {
    await this.until('the USB bus is empty', () => usbDevices().length === 0);
    this.log.mark();
  }

  /** Called after a case, whether it held or not. */
  async end(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    for (const cleanup of this.#cleanups.reverse())
      await cleanup().catch((error) => console.log(`# clean-up: ${error}`));
    for (const name of readdirSync('/run/lock'))
      if (name.startsWith('LCK..')) rmSync(`/run/lock/${name}`, { force: true });
  }

  /** Done after the case, last first. */
  onEnd(cleanup: () => Promise<void>): void {
    this.#cleanups.push(cleanup);
  }

  /** Says what happens, for `--verbose` and for the evidence of a failure. */
  note(text: string): void {
    this.#runs.push(text);
    if (this.#verbose) console.log(text.replace(/^/gm, '#   '));
  }

  /** Runs any program to its end. */
  async run(argv: readonly string[], options: CliOptions = {}): Promise<Ended> {
    const ended = await runProgram(asUser(argv, options.user ?? 'root'), { ...options, env: environment(options) });
    this.note(describe(ended));
    assert.ok(!ended.overran, `${argv.join(' ')} was still running after ${ended.elapsedMs} ms`);
    return ended;
  }

  /** Runs `modemctl ARGS`. */
  async cli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
    const ended = await this.run([NODE, CLI, ...args], options);
    return { ...ended, json: parseJson(ended.stdout) };
  }

  /** Starts a program that goes on beside the case; killed at its end. */
  start(argv: readonly string[], options: StartOptions = {}): ChildProcess {
    const [command, ...rest] = asUser(argv, options.user ?? 'root');
    const stdio = options.stdio ?? ['ignore', 'pipe', 'pipe'];
    const child = spawn(command!, rest, { env: environment(options), stdio });
    this.#children.add(child);
    child.on('exit', () => this.#children.delete(child));
    child.on('error', (error) => this.note(`${argv.join(' ')}: ${error}`));
    this.note(`started ${argv.join(' ')} as process ${child.pid}`);
    return child;
  }

  /** Starts `modemctl ARGS` beside the case. */
  startCli(args: readonly string[], options: CliOptions = {}): ChildProcess {
    return this.start([NODE, CLI, ...args], options);
  }

  /** Starts `modemctl ARGS` at a terminal, which is its controlling one. */
  startCliAt(stdio: StdioOptions, args: readonly string[]): ChildProcess {
    const env = { TERM: 'xterm', NO_COLOR: '1' };
    return this.start(['setsid', '--ctty', NODE, CLI, ...args], { stdio, env });
  }

  /** Waits until something holds, looking twenty times a second; fails after `limitMs`. */
  async until(what: string, holds: () => boolean | Promise<boolean>, limitMs = 30_000): Promise<void> {
    const end = performance.now() + limitMs;
    while (!(await holds())) {
      if (performance.now() > end) assert.fail(`after ${limitMs} ms it was still not so that ${what}`);
      await pause(50);
    }
  }

  /** Waits until udev has done what there is to do. */
  async settle(): Promise<void> {
    const { code } = await runProgram(['udevadm', 'settle', '--timeout=30']);
    assert.equal(code, 0, 'udevadm settle');
  }

  /** Ends udev's daemon until the end of the case. The driver is loaded before: a system without udev has to see to that itself. */
  async stopUdev(): Promise<void> {
    await this.run(['modprobe', 'cdc_acm']);
    await this.run(['udevadm', 'control', '--exit']);
    this.onEnd(async () => {
      // By this name: it is a link to udevadm, which goes by what it was called. What it starts must not keep our pipes.
      const { code } = await this.run(['sh', '-c', '/lib/systemd/systemd-udevd --daemon >/dev/null 2>&1']);
      assert.equal(code, 0, 'udev runs again');
      await this.settle();
    });
  }

  /** Writes to a file of sysfs; asynchronously, because the kernel may ask the modem in this very process before it returns. */
  async sysfs(path: string, value: string): Promise<void> {
    await writeFile(path, value);
    this.note(`wrote ${JSON.stringify(value)} to ${path}`);
  }

  /** What is known about this case so far. */
  evidence(): string {
    const log = this.log.lines().slice(-60);
    return [...this.#runs.slice(-12), '--- kernel log', ...log, '--- usb', ...usbDevices().map(describeUsb)].join('\n');
  }
}

/** The ports (`1-1`) that have a device. */
export function usbDevices(): string[] {
  return readdirSync('/sys/bus/usb/devices').filter((name) => /^\d+-\d+(\.\d+)*$/.test(name));
}

/** The tty of the device at a port, or null. */
export function ttyAt(port: string): string | null {
  const folder = `/sys/bus/usb/devices/${port}`;
  if (!existsSync(folder)) return null;
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${port}:`)) continue;
    const ttys = `${folder}/${name}/tty`;
    if (existsSync(ttys)) return `/dev/${readdirSync(ttys)[0]}`;
  }
  return null;
}

/** The processes that have a device node open. */
export function holdersOf(path: string): number[] {
  const holders: number[] = [];
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const fds = readdirSync(`/proc/${pid}/fd`);
      if (fds.some((fd) => isLinkTo(`/proc/${pid}/fd/${fd}`, path))) holders.push(Number(pid));
    } catch {
      // It ended while we looked.
    }
  }
  return holders;
}

/** Whether a process has a device node open; unlike {@link holdersOf} it costs next to nothing. */
export function hasOpen(pid: number, path: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => isLinkTo(`/proc/${pid}/fd/${fd}`, path));
  } catch {
    return false;
  }
}

function isLinkTo(link: string, path: string): boolean {
  try {
    return readlinkSync(link) === path;
  } catch {
    return false;
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function describeUsb(port: string): string {
  const folder = `/sys/bus/usb/devices/${port}`;
  try {
    const ids = ['idVendor', 'idProduct'].map((name) => readFileSync(`${folder}/${name}`, 'utf8').trim()).join(':');
    const drivers = readdirSync(folder)
      .filter((name) => name.startsWith(`${port}:`) && existsSync(`${folder}/${name}/driver`))
      .map((name) => `${name}=${readlinkSync(`${folder}/${name}/driver`).split('/').pop()}`);
    return `${port} ${ids} ${drivers.join(' ')} ${ttyAt(port) ?? 'no tty'}`;
  } catch (error) {
    return `${port} ${error}`;
  }
}

function asUser(argv: readonly string[], user: User): string[] {
  if (user === 'root') return [...argv];
  const { uid, groups } = USERS[user];
  return ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, groups, '--', ...argv];
}

function environment(options: CliOptions): NodeJS.ProcessEnv {
  const user = options.user ?? 'root';
  const uid = user === 'root' ? 0 : USERS[user].uid;
  return {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    // Not the homes of this machine: what lies in root's would be the test's business.
    HOME: `/run/home/${user}`,
    USER: user,
    XDG_RUNTIME_DIR: `/run/user/${uid}`,
    ...options.env,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describe(ended: Ended): string {
  const said = [ended.stdout && `stdout: ${ended.stdout}`, ended.stderr && `stderr: ${ended.stderr}`].filter(Boolean);
  return [`$ ${ended.command}`, `exit ${ended.code} after ${ended.elapsedMs} ms`, ...said].join('\n').trimEnd();
}
