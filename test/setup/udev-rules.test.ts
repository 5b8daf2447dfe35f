import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planSetup, type SetupOptions } from '../../src/setup/plan.ts';
import { RULES_PATH, rulesState, udevRules } from '../../src/setup/udev-rules.ts';

it('gives rights on the modems of the catalogue and on nothing else', () => {
  const lines = udevRules().split('\n');
  const granting = lines.filter((line) => line.includes('MODE='));
  expect(granting.length).toBeGreaterThan(100);
  for (const line of granting) {
    expect(line).toMatch(
      /^ATTRS?\{idVendor\}=="[0-9a-f]{4}", ATTRS?\{idProduct\}=="[0-9a-f]{4}", GROUP="dialout", MODE="0660", /,
    );
  }
  expect(granting.join('\n')).toContain('"0baf"');
  // A softmodem has nothing to have rights on.
  expect(granting.join('\n')).not.toContain('"2892"');
});

it('jumps only to labels that are there', () => {
  const text = udevRules();
  const labels = [...text.matchAll(/LABEL="(\w+)"/g)].map((match) => match[1]);
  for (const [, target] of text.matchAll(/GOTO="(\w+)"/g)) expect(labels).toContain(target);
});

it('gives rights on a modem that is plugged in and in no catalogue, once', () => {
  const plugged = [
    { vendorId: '0572', productId: '1399' },
    { vendorId: '0baf', productId: '0303' },
  ];
  const added = udevRules(plugged)
    .split('\n')
    .filter((line) => !udevRules().split('\n').includes(line));
  expect(added).toHaveLength(2);
  for (const line of added) expect(line).toMatch(/idVendor\}=="0572", ATTRS?\{idProduct\}=="1399", GROUP="dialout"/);
});

describe('the rules that are there', () => {
  const write = (text: string) => {
    const path = join(mkdtempSync(join(tmpdir(), 'rules-')), '70-modemctl.rules');
    writeFileSync(path, text);
    return path;
  };

  it('are those of the first file, whoever wrote it', () => {
    const packaged = write(udevRules([], '# Of the package.'));
    expect(rulesState([], ['/nowhere/70-modemctl.rules', packaged])).toBe('current');
    expect(rulesState([], [write('# Nothing.'), packaged])).toBe('outdated');
    expect(rulesState([{ vendorId: '0572', productId: '1399' }], [packaged])).toBe('outdated');
    expect(rulesState([], ['/nowhere/70-modemctl.rules'])).toBe('absent');
  });
});

describe('the plan', () => {
  const options = { remove: false, user: null, plugged: [], udevRuns: true };
  const commands = (changes: Partial<SetupOptions>) =>
    planSetup({ ...options, ...changes }).map((step) => (step.kind === 'run' ? step.command.join(' ') : step.kind));

  it('writes the rules and applies them to what is plugged in', () => {
    expect(planSetup(options)[0]).toMatchObject({ kind: 'write', path: RULES_PATH });
    expect(commands({})).toEqual([
      'write',
      'udevadm control --reload',
      'udevadm trigger --action=change --subsystem-match=usb --subsystem-match=tty',
      'udevadm settle --timeout=10',
    ]);
  });

  it('begins with what a wrong name spoils', () => {
    expect(commands({ user: 'pi' })[0]).toBe('usermod -aG dialout pi');
  });

  it('undoes it, and gives the nodes back that udev leaves as they are', () => {
    const plugged = [{ vendorId: '0baf', productId: '0303', usbfsNode: '/dev/bus/usb/001/004' }];
    expect(planSetup({ ...options, remove: true })[0]).toEqual({ kind: 'remove', path: RULES_PATH });
    expect(commands({ remove: true, plugged }).at(-1)).toBe('chgrp root /dev/bus/usb/001/004');
  });

  it("leaves a package's rules where they are, and writes none beside them", () => {
    const plugged = [{ vendorId: '0baf', productId: '0303', usbfsNode: '/dev/bus/usb/001/004' }];
    expect(commands({ packaged: true, udevRuns: false })).toEqual([]);
    expect(commands({ packaged: true, user: 'pi' })[0]).toBe('usermod -aG dialout pi');
    expect(commands({ packaged: true, remove: true, plugged }).at(-1)).toBe('udevadm settle --timeout=10');
    expect(commands({ packaged: true, remove: true, plugged, written: false })).toEqual([]);
  });

  it('asks nothing of an udevd that does not run', () => {
    expect(commands({ udevRuns: false })).toEqual(['write']);
    expect(commands({ udevRuns: false, remove: true })).toEqual(['remove']);
  });
});
