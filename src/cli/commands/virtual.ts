import { startVirtualModems, type VirtualModems } from '../../virtual/box.ts';
import { MISBEHAVIOURS } from '../../virtual/misbehaviour/catalogue.ts';
import { MODELS } from '../../virtual/models/index.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import type { Context } from '../context.ts';

export const virtual: CommandSpec = {
  name: 'virtual',
  group: 'Try it',
  summary: 'start virtual modems, joined by a telephone exchange, until Ctrl-C',
  options: [
    {
      flags: '-m, --model <models>',
      describe: `which, separated by commas: ${MODELS.map(({ id }) => id).join(', ')} (default usr5637)`,
      parse: splitList,
    },
    {
      flags: '-n, --number <numbers>',
      describe: 'their telephone numbers (default 5550101, 5550102, ...)',
      parse: splitList,
    },
    {
      flags: '--misbehave <[modem:]name[=value]>',
      describe: `a fault to play; may be given several times (${Object.keys(MISBEHAVIOURS).join(', ')})`,
      parse: gather,
    },
  ],
  examples: [
    ['modemctl virtual', 'one USR5637; detect, at and reset work on it from another terminal'],
    ['modemctl virtual --model usr5637,tfm561u,hiro', 'three, the last one a winmodem'],
    ['modemctl virtual --misbehave silent=3', 'one that hangs after three commands'],
  ],
  notes: [
    'The exchange has subscribers of its own: 5550100 answers and echoes, 5550195 is busy, 5550196 never answers, 5550197 is a person, 5550198 answers and takes what it is sent, 5550199 answers and drops the call.',
    ...Object.entries(MISBEHAVIOURS).map(([name, { summary }]) => `${name}: ${summary}`),
  ],
  run: runVirtual,
};

function splitList(text: string, previous: unknown): string[] {
  return [...((previous as string[] | undefined) ?? []), ...text.split(',').map((part) => part.trim())];
}

function gather(text: string, previous: unknown): string[] {
  return [...((previous as string[] | undefined) ?? []), text];
}

async function runVirtual(context: Context, { options }: Invocation): Promise<void> {
  const box = await startVirtualModems({
    models: (options.model as string[] | undefined) ?? ['usr5637'],
    numbers: (options.number as string[] | undefined) ?? [],
    misbehave: (options.misbehave as string[] | undefined) ?? [],
    env: context.world.env,
    clock: context.clock,
  });
  context.onCrash(() => box.stop());
  try {
    tell(context, box);
    await Promise.race([box.quit, aborted(context.signal)]);
  } finally {
    await box.stop();
  }
}

/** The one JSON document must come while they run, not when they end: it is printed here, and is all that `--json` prints. */
function tell(context: Context, box: VirtualModems): void {
  const modems = box.modems.map(({ name, tty, number, control, model }) => ({
    name,
    model: model.id,
    tty,
    number,
    control,
  }));
  context.announce({ modems });
  for (const { name, tty, number } of modems) {
    context.print(`${name.padEnd(12)}  ${(tty ?? 'no tty').padEnd(12)}  ${number ?? 'no number'}`);
  }
  context.say('Ctrl-C ends them.');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
