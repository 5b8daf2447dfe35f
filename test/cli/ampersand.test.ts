import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { hasVirtualModems, Lab } from '../support/cli.ts';

/** script(1) gives a terminal, bash -i the job control of a shell that somebody types into. */
const hasTerminals = ['script -qec true /dev/null', 'bash -c true'].every(
  (line) => spawnSync('sh', ['-c', line], { stdio: 'ignore' }).status === 0,
);

describe.skipIf(!hasVirtualModems || !hasTerminals)('an & that the shell took', () => {
  const lab = new Lab();
  afterAll(() => lab.close());

  /** What is on the screen after this was typed. */
  const type = async (line: string): Promise<string> => {
    const env = { MODEMCTL_DEVICE: (await lab.plugInOne()).name, TERM: 'dumb', LINE: line };
    const shell = 'bash --norc --noprofile -ic "$LINE"';
    return (await lab.paste(`script -qec '${shell}' /dev/null`, env)).stdout;
  };

  it.concurrent('is told to whoever typed AT&V', async () => {
    const screen = await type('modemctl at AT&V; wait');
    expect(screen).toContain('V: command not found');
    expect(screen).toMatch(/note: this runs in the background\. .+ modemctl at 'AT&V'/);
    expect(screen).toContain('OK');
  });

  it.concurrent('is told to whoever typed AT&F AT&C1: the first that the shell cut off counts', async () => {
    expect(await type('modemctl at ATI3 AT&F AT; wait')).toMatch(/note: this runs in the background/);
  });

  it.concurrent('may have been, where AT stands alone on a terminal', async () => {
    expect(await type('modemctl at AT')).toMatch(/note: AT alone only asks .+ modemctl at 'AT&V'/);
  });

  it.concurrent.each(['modemctl at', "modemctl at 'ATX4&C1'", 'modemctl -q at AT', 'modemctl at AT </dev/null'])(
    'is no matter with: %s',
    async (line) => {
      const screen = await type(line);
      expect(screen).not.toContain('note:');
      expect(screen).not.toContain('error');
    },
  );
});
