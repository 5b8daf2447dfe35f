import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { countPowerCycle } from '../../../src/usb/power/power-log.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modemctl-power-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const count = (at: number, id = '1-1') => countPowerCycle(id, false, { folder, uptime: () => at });

it('counts three within any hour, for each modem by itself', () => {
  expect([0, 600, 1200, 1800, 3599].map((at) => count(at))).toEqual([true, true, true, false, false]);
  expect(count(1800, '1-2')).toBe(true);
  expect(count(3600)).toBe(true);
  expect(count(3700)).toBe(false);
  expect(count(4200)).toBe(true);
});

it('minds neither nonsense in its file nor what is left of before the last start', () => {
  writeFileSync(join(folder, '1-1.power'), 'nonsense\n\0\xff\n-\n9e99\n90000\n90001\n90002\n');
  expect([10, 11, 12, 13].map((at) => count(at))).toEqual([true, true, true, false]);
});

it('is not led out of its folder by a name', () => {
  expect(count(1, '../../etc/x')).toBe(true);
  expect(count(1, '/dev/ttyS0')).toBe(true);
});
