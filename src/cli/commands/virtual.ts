import { ModemctlError } from '../../core/errors.ts';
import { startVirtualModems, type UsbOptions, type VirtualModems } from '../../virtual/box.ts';
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
      flags: '--usbip [port]',
      describe: 'serve them as USB devices over USB/IP on 127.0.0.1, not on PTYs',
      parse: parsePort,
    },
    { flags: '--attach', describe: "with --usbip: plug them into this machine's own kernel (root)" },
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
    ['sudo modemctl virtual --usbip --attach', 'one on the USB bus: the kernel makes a real /dev/ttyACM0 of it'],
  ],
  notes: [
    'Whoever starts them sees them, and nobody else: for "sudo modemctl answer --login" they are those of "sudo modemctl virtual", and who calls it is "sudo modemctl dial".',
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

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port < 65536) return port;
  throw new ModemctlError('USAGE', `"${text}" is not a TCP port`);
}

async function runVirtual(context: Context, { options }: Invocation): Promise<void> {
  if (options.attach === true && options.usbip === undefined) {
    throw new ModemctlError('USAGE', '--attach goes with --usbip', { hint: 'sudo modemctl virtual --usbip --attach' });
  }
  const box = await startVirtualModems({
    models: (options.model as string[] | undefined) ?? ['usr5637'],
    numbers: (options.number as string[] | undefined) ?? [],
    misbehave: (options.misbehave as string[] | undefined) ?? [],
    usb: options.usbip === undefined ? undefined : usbOptions(context, options),
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

function usbOptions(context: Context, options: Invocation['options']): UsbOptions {
  return {
    port: typeof options.usbip === 'number' ? options.usbip : undefined,
    attach: options.attach === true,
    onProblem: (error) => context.say(`note: ${error instanceof Error ? error.message : String(error)}`),
  };
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
  context.announce({ modems, usbipPort: box.usbipPort });
  for (const { name, tty, number } of modems) {
    const where = box.usbipPort === null ? (tty ?? 'no tty') : 'USB';
    context.print(`${name.padEnd(12)}  ${where.padEnd(12)}  ${number ?? 'no number'}`);
  }
  if (box.usbipPort !== null) context.say(`USB/IP is served on 127.0.0.1:${box.usbipPort}`);
  context.say('Ctrl-C ends them.');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
