/** The schema agrees with the options that it feeds, and with the example that is made of it. */
import { describe, expect, it } from 'vitest';
import { camelName, optionsOf } from '../../src/cli/command.ts';
import { COMMANDS } from '../../src/cli/commands/index.ts';
import { verifierFor } from '../../src/cli/settings-verify.ts';
import { exampleText } from '../../src/settings/example.ts';
import { interpret } from '../../src/settings/interpret.ts';
import { SECTIONS } from '../../src/settings/schema.ts';

const options = (section: string) =>
  COMMANDS.filter(({ settings }) => settings?.sections.includes(section === 'number' ? 'dial' : section)).flatMap(
    optionsOf,
  );

describe('the schema', () => {
  const feeding = SECTIONS.flatMap(({ name, keys }) =>
    keys.flatMap((spec) => (spec.option === undefined ? [] : [{ name, spec, option: spec.option }])),
  );

  it.each(feeding)('[$name] $spec.key feeds an option, and is called as it is', ({ name, spec, option }) => {
    const fed = options(name).find((candidate) => camelName(candidate) === option);
    expect(fed).toBeDefined();
    expect(fed?.flags).toContain(`-${spec.key.replaceAll('_', '-')}`);
    if (spec.choices) expect(fed?.choices).toEqual(spec.choices);
    const usual = /\(default ([^ :;,)]+)/.exec(fed?.describe ?? '')?.[1];
    if (usual !== undefined) expect(spec.default).toContain(usual.split(',')[0]);
  });

  it('has an example in which all of it is right, once it is no comment any more', async () => {
    const text = exampleText()
      .replace(/^#(\[|[a-z_]+ = )/gm, '$1')
      // A modem is said to be one only by one of these.
      .replace(/^(id|serial) = .*\n/gm, '');
    const { values, faults } = await interpret(text, { file: 'x', distrust: null, verify: verifierFor(COMMANDS) });
    expect(faults).toEqual([]);
    expect([...values.keys()]).toEqual(['modem.fax', 'at', 'dial', 'number.pi17', 'answer', 'watch', 'recovery', '']);
  });
});
