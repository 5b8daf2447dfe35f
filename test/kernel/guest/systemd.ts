// A real systemd for a case: as process 1 of a PID namespace of its own, over the guest's files, with a cgroup tree and the journal. The guest's own boot and its udevd stay as they are.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { CliOptions, CliResult, Guest } from './guest.ts';
import { type Ended, runProgram } from './process.ts';

const LIB = '/lib/systemd/system';
const OWN = '/run/systemd-of-case';
/** Debian's own units, as far as a service needs them; what boots a machine (disks, network, logins on the console) is left out. */
const UNITS = [
  'systemd-journald.service',
  'systemd-journald.socket',
  'systemd-journald-dev-log.socket',
  ...['basic', 'sockets', 'paths', 'timers', 'slices', 'shutdown', 'umount', 'final'].map((name) => `${name}.target`),
];
const SYSINIT = `[Unit]
DefaultDependencies=no
Conflicts=shutdown.target
Wants=systemd-journald.service
After=systemd-journald.service
`;
const MULTI_USER = `[Unit]
Requires=basic.target
After=basic.target
AllowIsolate=yes
`;
/** It takes some ten seconds there. */
const BOOT_LIMIT_MS = 90_000;
const CLI = '/opt/modemctl/bin/modemctl.js';
const NODE = '/opt/node/bin/node';

export class Systemd {
  readonly #guest: Guest;
  /** Its process, as the guest sees it. */
  #pid = 0;
  #cutPower: () => Promise<void> = async () => {};

  private constructor(guest: Guest) {
    this.#guest = guest;
  }

  /** Boots it; at the end of the case it is gone, with all that it started, and the units that were set up. */
  static async boot(guest: Guest): Promise<Systemd> {
    const systemd = new Systemd(guest);
    guest.onEnd(async () => {
      await systemd.#cutPower();
      for (const name of readdirSync('/etc/systemd/system')) {
        if (name.startsWith('modemctl-')) rmSync(`/etc/systemd/system/${name}`, { recursive: true });
      }
      rmSync('/etc/systemd/system/multi-user.target.wants', { recursive: true, force: true });
      rmSync('/var/log/journal', { recursive: true, force: true });
    });
    await systemd.#boot();
    return systemd;
  }

  /** Its power fails and comes back: all processes are gone at once, what they had in /run with them, and what was set up is started by the boot. */
  async reboot(): Promise<void> {
    await this.#cutPower();
    await this.#boot();
  }

  async #boot(): Promise<void> {
    const guest = this.#guest;
    rmSync(OWN, { recursive: true, force: true });
    mkdirSync(OWN);
    for (const unit of UNITS) symlinkSync(`${LIB}/${unit}`, `${OWN}/${unit}`);
    writeFileSync(`${OWN}/sysinit.target`, SYSINIT);
    writeFileSync(`${OWN}/multi-user.target`, MULTI_USER);
    const path = `SYSTEMD_UNIT_PATH=${OWN}:/etc/systemd/system:/run/systemd/system`;
    // "container" tells it that it may not have the machine to itself.
    const boot = ['/lib/systemd/systemd', '--unit=multi-user.target', '--log-target=console', '--show-status=no'];
    const init = ['env', '-i', `PATH=${process.env.PATH}`, path, 'container=test', ...boot];
    const child = guest.start([
      'unshare',
      '--pid',
      '--fork',
      '--mount',
      '--cgroup',
      '--mount-proc',
      '--kill-child',
      ...init,
    ]);
    const said: string[] = [];
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (data: Buffer) => said.push(data.toString()));
    const ended = new Promise((resolve) => child.on('close', resolve));
    this.#cutPower = async () => {
      child.kill('SIGKILL');
      await ended;
      for (const folder of ['systemd', 'log/journal', 'modemctl']) {
        rmSync(`/run/${folder}`, { recursive: true, force: true });
      }
    };
    await guest.until('systemd is process 1 of its namespace', () => {
      this.#pid = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim());
      return this.#pid > 0;
    });
    let last = '';
    const isUp = async () => {
      last = (await this.run(['systemctl', 'is-system-running'])).stdout.trim();
      return last === 'running' || last === 'degraded';
    };
    await guest.until('systemd is up', isUp, BOOT_LIMIT_MS).catch((error) => {
      throw new Error(`${error.message} (${last}). It said:\n${said.join('')}`);
    });
  }

  /** Runs a program as one of the system that it has booted. */
  run(argv: readonly string[], options: CliOptions = {}): Promise<Ended> {
    return this.#guest.run(this.#inside(argv), { limitMs: 150_000, ...options });
  }

  /** Runs `modemctl ARGS` there, as root. */
  async cli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
    const ended = await this.run([NODE, CLI, ...args], options);
    let json: unknown;
    try {
      json = JSON.parse(ended.stdout);
    } catch {
      json = undefined;
    }
    return { ...ended, json };
  }

  /** A property of a unit. */
  async show(unit: string, property: string): Promise<string> {
    const shown = await this.run(['systemctl', 'show', '--value', `--property=${property}`, unit]);
    assert.equal(shown.code, 0, shown.stderr);
    return shown.stdout.trim();
  }

  /** What a unit wrote to the journal: `<priority> text` a line. */
  async journal(unit: string): Promise<string[]> {
    // Not noted: it is asked often.
    await runProgram(this.#inside(['journalctl', '--sync']));
    const query = ['journalctl', '-q', '-b', '-o', 'json', '--output-fields=MESSAGE,PRIORITY', '-u', unit];
    const { stdout } = await runProgram(this.#inside(query));
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { MESSAGE: string; PRIORITY: string })
      .map(({ MESSAGE, PRIORITY }) => `<${PRIORITY}> ${MESSAGE}`);
  }

  /** Waits until the journal of a unit has a line. */
  async logs(unit: string, line: RegExp, times = 1, limitMs = 120_000): Promise<void> {
    let lines: string[] = [];
    const has = async () => {
      lines = await this.journal(unit);
      return lines.filter((text) => line.test(text)).length >= times;
    };
    await this.#guest.until(`the journal of ${unit} has ${line} ${times} times`, has, limitMs).catch((error) => {
      throw new Error(`${error.message}. It has:\n${lines.join('\n')}`);
    });
  }

  /** Kills the main process of a unit. */
  async kill(unit: string): Promise<void> {
    const { code, stderr } = await this.run(['systemctl', 'kill', '--kill-who=main', '--signal=SIGKILL', unit]);
    assert.equal(code, 0, stderr);
  }

  #inside(argv: readonly string[]): string[] {
    return ['nsenter', `--target=${this.#pid}`, '--pid', '--mount', '--cgroup', '--', ...argv];
  }
}
