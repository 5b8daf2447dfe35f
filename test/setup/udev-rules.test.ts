import { expect, it } from 'vitest';
import { planSetup } from '../../src/setup/plan.ts';
import { RULES_PATH, udevRules } from '../../src/setup/udev-rules.ts';

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

it('undoes what it did', () => {
  expect(planSetup({ remove: false, user: null })[0]).toMatchObject({ kind: 'write', path: RULES_PATH });
  expect(planSetup({ remove: true, user: null })[0]).toEqual({ kind: 'remove', path: RULES_PATH });
  expect(planSetup({ remove: false, user: 'pi' }).at(-1)).toEqual({
    kind: 'run',
    command: ['usermod', '-aG', 'dialout', 'pi'],
  });
});
