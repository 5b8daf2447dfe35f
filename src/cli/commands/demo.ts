import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModemctlError } from '../../core/errors.ts';
import { packageRoot } from '../../core/package-root.ts';
import { startVirtualModems } from '../../virtual/box.ts';
import type { CommandSpec } from '../command.ts';
import type { Context } from '../context.ts';

export const demo: CommandSpec = {
  name: 'demo',
  group: 'Try it',
  summary: 'show the main job on virtual modems: detect, at, a modem that hangs, reset, a call',
  examples: [['modemctl demo', 'half a minute; nothing of yours is touched']],
  notes: [
    'It starts virtual modems of its own and runs the commands that it shows. It fails if one of them does not end as it should.',
  ],
  run: runDemo,
};

/** What is typed, and the exit code that it must have. */
interface Scene {
  readonly say: string;
  /** Runs meanwhile, and must end well too. */
  readonly beside?: string;
  readonly type: string;
  readonly exit: number;
  readonly before?: () => void;
}

async function runDemo(context: Context): Promise<void> {
  const folder = makeFolder();
  try {
    await playAll(context, { ...context.world.env, XDG_RUNTIME_DIR: folder, MODEMCTL_DEVICE: '' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** For registrations of our own, so that nothing of the user's is touched. */
function makeFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'modemctl-demo-'));
  } catch (cause) {
    throw new ModemctlError('DENIED', `no folder can be made in ${tmpdir()}`, {
      hint: 'TMPDIR="$HOME" modemctl demo',
      cause,
    });
  }
}

async function playAll(context: Context, env: NodeJS.ProcessEnv): Promise<void> {
  const box = await startVirtualModems({
    models: ['usr5637', 'tfm561u', 'hiro'],
    misbehave: ['tfm561u:echo-off'],
    env,
  });
  const hang = () => box.modems[0]?.misbehave('silent');
  const scenes: Scene[] = [
    { say: 'Three modems are plugged in, one of them a winmodem.', type: 'detect', exit: 0 },
    { say: 'Ask one which firmware it has.', type: '-d usr5637 at ATI3', exit: 0 },
    { say: 'The other one has its echo off; that makes no difference.', type: '-d tfm561u at ATI3', exit: 0 },
    { say: 'Now the USR5637 hangs.', type: '-d usr5637 at ATI3 --timeout 2s', exit: 6, before: hang },
    { say: 'Bring it back.', type: 'reset usr5637', exit: 0 },
    { say: 'It answers.', type: '-d usr5637 at ATI3', exit: 0 },
    {
      say: 'One calls the other, which gives its caller to a program.',
      beside: '-d tfm561u answer --once --exec hostname',
      type: '-d usr5637 dial 5550102',
      exit: 0,
    },
  ];
  try {
    for (const scene of scenes) {
      if (context.signal.aborted) return;
      scene.before?.();
      await play(context, scene, env);
    }
  } finally {
    await box.stop();
  }
}

async function play(context: Context, { say, beside, type, exit }: Scene, env: NodeJS.ProcessEnv): Promise<void> {
  const { bold, dim } = context.colours;
  context.print(`\n${dim(`# ${say}`)}`);
  if (beside !== undefined) context.print(bold(`$ modemctl ${beside} &`));
  context.print(bold(`$ modemctl ${type}`));
  const [code, besideCode] = await Promise.all([
    run(context, type, env),
    beside === undefined ? 0 : run(context, beside, env),
  ]);
  if (exit !== 0) context.print(dim(`(exit code ${code})`));
  if (context.signal.aborted) return;
  if (code !== exit) throw unlike(type, code, exit);
  if (besideCode !== 0) throw unlike(beside ?? '', besideCode, 0);
}

function unlike(line: string, code: number | null, exit: number): ModemctlError {
  return new ModemctlError('BUG', `"modemctl ${line}" ended with exit code ${code} instead of ${exit}`);
}

async function run(context: Context, line: string, env: NodeJS.ProcessEnv): Promise<number | null> {
  const output = context.common.json ? 'ignore' : 'inherit';
  const child = spawn(process.execPath, [join(packageRoot(), 'bin', 'modemctl.js'), ...line.split(' ')], {
    env,
    stdio: ['ignore', output, output],
  });
  const stop = () => child.kill();
  context.signal.addEventListener('abort', stop, { once: true });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  context.signal.removeEventListener('abort', stop);
  return code;
}
