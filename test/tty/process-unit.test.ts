import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { howToEnd, unitOf } from '../../src/tty/process-unit.ts';

it.each([
  ['0::/system.slice/callattendant.service\n', 'callattendant.service'],
  ['0::/system.slice/system-mgetty.slice/mgetty@ttyACM0.service\n', 'mgetty@ttyACM0.service'],
  ['0::/system.slice/asterisk.service/workers\n', 'asterisk.service'],
  ['12:pids:/x\n1:name=systemd:/system.slice/hylafax.service\n', 'hylafax.service'],
  ['0::/user.slice/user-1000.slice/user@1000.service/app.slice/foo.service\n', null],
  ['0::/init.scope\n', null],
  ['0::/system.slice/a b;c.service\n', null],
  ['', null],
])('%j belongs to %s', (text, unit) => {
  const proc = mkdtempSync(join(tmpdir(), 'mctl-'));
  mkdirSync(join(proc, '812'));
  writeFileSync(join(proc, '812', 'cgroup'), text);
  expect(unitOf(812, proc)).toBe(unit);
  expect(unitOf(813, proc)).toBeNull();
  rmSync(proc, { recursive: true });
});

it('what systemd runs is ended by systemctl, all else by kill', () => {
  const proc = mkdtempSync(join(tmpdir(), 'mctl-'));
  const units = { 10: 'modemctl-answer@1-1.service', 11: 'modemctl-answer@1-1.service', 12: 'x\\x2dy.service' };
  for (const [pid, unit] of Object.entries(units)) {
    mkdirSync(join(proc, pid));
    writeFileSync(join(proc, pid, 'cgroup'), `0::/system.slice/${unit}\n`);
  }
  expect(howToEnd([10, 11], 'kill', proc)).toBe('sudo systemctl stop modemctl-answer@1-1.service');
  expect(howToEnd([7, 8], 'sudo kill', proc)).toBe('sudo kill 7 8');
  expect(howToEnd([12, 9], 'kill', proc)).toBe("sudo systemctl stop 'x\\x2dy.service' && kill 9");
  rmSync(proc, { recursive: true });
});
