/** The built program, run as a user runs it: in a folder of its own, against virtual modems on PTYs that this process plays. */
import assert from 'node:assert/strict';
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type ErrorCode, EXIT_CODES } from '../../src/core/errors.ts';
import { isAvailable } from '../../src/native/libc.ts';
import { startVirtualModems, type VirtualModems, type VirtualModemsOptions } from '../../src/virtual/box.ts';
import type { VirtualModem } from '../../src/virtual/virtual-modem.ts';
import { fastClock } from './fast-clock.ts';

export const LAUNCHER = resolve('bin/modemctl.js');

/** Virtual modems are made of koffi, which is optional. */
export const hasVirtualModems = await isAvailable();

/** How a run ended. */
export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly elapsedMs: number;
}

export interface RunOptions {
  /** What is on stdin; without it stdin is /dev/null. */
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Node's own options, as `--require`. */
  readonly node?: readonly string[];
  readonly stdio?: SpawnOptions['stdio'];
}

/** A run that goes on. */
export class Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
  #stdout = '';
  #stderr = '';

  constructor(child: ChildProcess) {
    const begin = performance.now();
    this.child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.ended = new Promise((done, fail) => {
      child.on('error', fail);
      child.on('close', (code, signal) => {
        done({ code, signal, stdout: this.#stdout, stderr: this.#stderr, elapsedMs: performance.now() - begin });
      });
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Waits until it has said this, on stdout or stderr. */
  async says(text: string | RegExp, limitMs = 10_000): Promise<void> {
    const end = performance.now() + limitMs;
    const isSaid = (said: string) => (typeof text === 'string' ? said.includes(text) : text.test(said));
    while (!isSaid(this.#stdout + this.#stderr)) {
      const state = `It said:\n${this.#stdout}${this.#stderr}`;
      if (this.child.exitCode !== null || this.child.signalCode !== null) throw new Error(`it ended. ${state}`);
      if (performance.now() > end) throw new Error(`it never said ${text}. ${state}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Waits until it listens to signals: Node itself catches SIGHUP, number 1, for nobody else. */
  async listens(limitMs = 10_000): Promise<void> {
    const end = performance.now() + limitMs;
    for (;;) {
      const status = readOrNothing(() => readFileSync(`/proc/${this.pid}/status`, 'latin1'));
      if (Number.parseInt(/^SigCgt:\s*[0-9a-f]*([0-9a-f])$/m.exec(status)?.[1] ?? '0', 16) & 1) return;
      if (performance.now() > end) throw new Error('it never listened to signals');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

export class Lab {
  readonly folder = mkdtempSync(join(tmpdir(), 'mctl-'));
  readonly env: NodeJS.ProcessEnv;
  readonly #boxes: VirtualModems[] = [];
  #count = 0;

  constructor() {
    const bin = join(this.folder, 'bin');
    mkdirSync(bin);
    symlinkSync(LAUNCHER, join(bin, 'modemctl'));
    // Nothing of ours that changes what it prints, or Node itself.
    this.env = {
      PATH: [bin, dirname(process.execPath), process.env.PATH].join(':'),
      HOME: this.folder,
      XDG_RUNTIME_DIR: this.folder,
      LANG: 'C.UTF-8',
      // What this machine's own configuration says is nobody's business here.
      MODEMCTL_CONFIG: '',
    };
  }

  /** Virtual modems in this process; their time runs ten times as fast as ours. */
  async plugIn(options: Partial<VirtualModemsOptions> = {}): Promise<void> {
    this.#boxes.push(await startVirtualModems({ models: ['usr5637'], clock: fastClock, env: this.env, ...options }));
  }

  /** One more, for a test that runs beside others. */
  async plugInOne(model = 'usr5637'): Promise<VirtualModem> {
    const name = `own-${++this.#count}`;
    await this.plugIn({ models: [model], names: [name] });
    return this.modem(name);
  }

  modem(name = 'usr5637'): VirtualModem {
    const modem = this.#boxes.flatMap(({ modems }) => modems).find((one) => one.name === name);
    assert.ok(modem, `there is no virtual modem ${name}`);
    return modem;
  }

  tty(name = 'usr5637'): string {
    const { tty } = this.modem(name);
    assert.ok(tty, `${name} has no tty`);
    return tty;
  }

  /** Plugs a modem in anew, well-behaved. */
  async refresh(name = 'usr5637'): Promise<void> {
    this.modem(name).misbehave(null);
    await this.modem(name).perform({ do: 'power-cycle' });
  }

  start(args: readonly string[], options: RunOptions = {}): Running {
    const { input, env, node = [], stdio } = options;
    const child = spawn(process.execPath, [...node, LAUNCHER, ...args], {
      env: { ...this.env, ...env },
      cwd: this.folder,
      stdio: stdio ?? [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    child.stdin?.on('error', () => {});
    if (input !== undefined) child.stdin?.end(input);
    return new Running(child);
  }

  /** Runs it to its end. What holds for every run is checked here. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return this.end(this.start(args, options));
  }

  /** Waits for the end of a run. */
  async end(running: Running): Promise<Ran> {
    const ran = await running.ended;
    assertCivil(ran);
    assert.deepEqual(lockFilesOf(running.pid), [], 'a lock file was left behind');
    return ran;
  }

  /** Runs a line of shell, as pasted. */
  async paste(line: string, env: NodeJS.ProcessEnv = {}): Promise<Ran> {
    const stdio: SpawnOptions['stdio'] = ['ignore', 'pipe', 'pipe'];
    return new Running(spawn('sh', ['-c', line], { env: { ...this.env, ...env }, cwd: this.folder, stdio })).ended;
  }

  /** Processes that were started here and are still there. */
  leftOver(): string[] {
    const mark = `XDG_RUNTIME_DIR=${this.folder}\0`;
    const read = (pid: string, file: string) => readOrNothing(() => readFileSync(`/proc/${pid}/${file}`, 'latin1'));
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && read(name, 'environ').includes(mark))
      .map((pid) => read(pid, 'cmdline').replaceAll('\0', ' '))
      .filter((command) => command !== '');
  }

  /** Ends all, and checks that nothing stays behind. */
  async close(): Promise<void> {
    for (const box of this.#boxes) await box.stop();
    const left = this.leftOver();
    rmSync(this.folder, { recursive: true, force: true });
    assert.deepEqual(left, [], 'processes were left behind');
  }
}

/** No stack trace, no fault of ours, no control characters but line ends. */
export function assertCivil({ stdout, stderr }: Pick<Ran, 'stdout' | 'stderr'>): void {
  assert.doesNotMatch(stderr, /^\s+at .+:\d+:\d+\)?$/m, 'a stack trace');
  assert.doesNotMatch(stderr, /\[BUG\]|node:internal|UnhandledPromise|Warning:/);
  assert.doesNotMatch(stdout + stderr, /[\x00-\x08\x0b-\x1f\x7f]/, 'control characters');
}

export interface Document {
  readonly schemaVersion: number;
  readonly ok: boolean;
  readonly error?: { code: string; message: string; hint: string | null; details: Record<string, unknown> };
  // biome-ignore lint/suspicious/noExplicitAny: every command has fields of its own.
  readonly [field: string]: any;
}

/** The one document on stdout; that it is one, and agrees with the exit code, is checked. */
export function documentOf(ran: Ran): Document {
  assert.match(ran.stdout, /^\{.*\}\n$/, 'exactly one JSON document on one line');
  const document = JSON.parse(ran.stdout) as Document;
  assert.equal(document.schemaVersion, 1);
  assert.equal(document.ok, ran.code === 0, 'ok is true exactly when the exit code is 0');
  assert.equal(document.error === undefined, document.ok, 'there is an error exactly when it is not ok');
  if (document.error) {
    assert.deepEqual(Object.keys(document.error), ['code', 'message', 'hint', 'details']);
    if (ran.signal === null) assert.equal(EXIT_CODES[document.error.code as ErrorCode]?.exit, ran.code);
  }
  return document;
}

/** The UUCP lock files that name a process. */
export function lockFilesOf(pid: number): string[] {
  const names = readdirSync('/run/lock').filter((name) => name.startsWith('LCK..'));
  return names.filter((name) => Number(readOrNothing(() => readFileSync(`/run/lock/${name}`, 'latin1'))) === pid);
}

function readOrNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
