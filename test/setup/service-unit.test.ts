import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { installedUnits } from '../../src/setup/installed-units.ts';
import { planService, planServiceRemoval } from '../../src/setup/plan-service.ts';
import type { ServiceTask } from '../../src/setup/service-sandbox.ts';
import { type ServiceOptions, serviceUnit, unitName } from '../../src/setup/service-unit.ts';

const folder = mkdtempSync(join(tmpdir(), 'modemctl-units-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

const BASE: ServiceOptions = {
  unit: 'modemctl-answer@1-1.2.service',
  description: 'modemctl answer: 50% of modem 1-1.2',
  argv: ['/bin/true', 'answer', '--exec', 'echo "50%" $HOME; cat'],
  user: 'daemon',
  task: 'program',
  folder: '/home/pi/my modem',
  shares: false,
  usesTmp: false,
  writes: ['/var/lib/my modem'],
  notifiesItself: true,
  undo: 'sudo modemctl setup answer --remove -d 1-1.2',
};

const TASKS: ReadonlyArray<readonly [task: ServiceTask, user: string, exposure: number]> = [
  ['none', 'daemon', 1.6],
  ['program', 'daemon', 2.3],
  ['program', 'root', 4.8],
  ['ppp', 'root', 4.3],
];

describe.skipIf(!hasSystemd)('to systemd-analyze', () => {
  const write = (options: ServiceOptions) => {
    const path = join(folder, options.unit);
    writeFileSync(path, serviceUnit(options));
    return path;
  };

  it.each([...TASKS, ['login', 'root', 10] as const])('the unit for %s as %s is free of faults', (task, user) => {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', write({ ...BASE, task, user })], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it.each(TASKS)('the unit for %s as %s is exposed by no more than %d of 10', (task, user, exposure) => {
    const threshold = `--threshold=${exposure * 10}`;
    const path = write({ ...BASE, task, user });
    // Exits with 1 where it is more.
    execFileSync('systemd-analyze', ['security', '--offline=true', threshold, path]);
  });
});

it('a login is given nothing less than a login elsewhere', () => {
  const text = serviceUnit({ ...BASE, task: 'login', user: 'root' });
  expect(text).not.toMatch(/^(NoNewPrivileges|Protect|Private|Restrict|SystemCall|Capability|Device)/m);
});

it('restarts cannot cure a wrong command line, nor a winmodem; all else they may', () => {
  const text = serviceUnit(BASE);
  expect(text).toMatch(/^Restart=always$/m);
  expect(text).toMatch(/^RestartPreventExitStatus=2 3$/m);
  expect(text).toMatch(/^StartLimitIntervalSec=0$/m);
});

it('has a /tmp of its own, unless something of it lies in the real one', () => {
  expect(serviceUnit(BASE)).toMatch(/^PrivateTmp=yes$/m);
  expect(serviceUnit({ ...BASE, usesTmp: true })).not.toContain('PrivateTmp');
});

it('devices are named by number: a name counts only while its driver is loaded', () => {
  const text = serviceUnit(BASE);
  expect(text).toMatch(/^DeviceAllow=char-166 rw$/m);
  expect(text).not.toContain('char-ttyACM');
});

it.each([
  ['answer', null, 'modemctl-answer.service'],
  ['answer', '1-1.2', 'modemctl-answer@1-1.2.service'],
  ['watch', '0baf:0303', 'modemctl-watch@0baf:0303.service'],
  ['answer', '/dev/ttyS0', 'modemctl-answer@ttyS0.service'],
  ['answer', 'US Robotics/../x%', 'modemctl-answer@US_Robotics_.._x_.service'],
])('%s on %s is called %s', (command, selector, name) => {
  expect(unitName(command, selector)).toBe(name);
});

it('knows its own units, and nobody else’s', () => {
  const units = join(folder, 'system');
  mkdirSync(units);
  writeFileSync(join(units, BASE.unit), serviceUnit(BASE));
  writeFileSync(join(units, 'modemctl-watch.service'), '[Service]\nExecStart=/bin/true\n');
  writeFileSync(join(units, 'callattendant.service'), '');
  mkdirSync(join(units, 'modemctl-answer.service'));
  const known = [{ name: BASE.unit, undo: BASE.undo }];
  expect(installedUnits(undefined, units)).toEqual(known);
  expect(installedUnits('answer', units)).toEqual(known);
  expect(installedUnits('watch', units)).toEqual([]);
  expect(installedUnits(undefined, join(units, 'nowhere'))).toEqual([]);
});

it('plans: write, reload, enable, start; and stop before anything is taken away', () => {
  const verbs = (steps: ReturnType<typeof planService>) =>
    steps.map((step) =>
      step.kind === 'run' ? step.command.find((word) => /^[a-z-]+$/.test(word) && word !== 'systemctl') : step.kind,
    );
  const plan = { unit: BASE.unit, text: serviceUnit(BASE), systemdRuns: true };
  expect(verbs(planService(plan))).toEqual(['write', 'daemon-reload', 'enable', 'restart']);
  expect(verbs(planServiceRemoval(BASE.unit, plan))).toEqual([
    'stop',
    'reset-failed',
    'disable',
    'remove',
    'daemon-reload',
  ]);
  const still = { ...plan, systemdRuns: false };
  expect(verbs(planService(still))).toEqual(['write', 'enable']);
  expect(verbs(planServiceRemoval(BASE.unit, still))).toEqual(['disable', 'remove']);
});
