import { printable } from '../../core/text.ts';
import { listModems } from '../../usb/list-modems.ts';
import { toJson } from '../../usb/modem-info.ts';
import { listUnknownDevices } from '../../usb/unknown-devices.ts';
import type { CommandSpec } from '../command.ts';
import { screen, tellUnknown } from './detect.ts';

/** `modemctl` alone: what is plugged in, and what to try next. */
export const overview: CommandSpec = {
  name: '',
  group: 'Look',
  summary: 'what is plugged in, and what to try next',
  settings: { sections: [], lenient: true },
  examples: [],
  run: async (context) => {
    const modems = await listModems({ clock: context.clock, signal: context.signal });
    context.report({ modems: modems.map(toJson) });
    for (const line of screen(context, modems)) context.print(line);
    const usable = modems.filter((info) => info.usable);
    if (modems.length === 0) {
      const unknown = await listUnknownDevices({ clock: context.clock, signal: context.signal });
      for (const line of ['No modem is plugged in.', ...tellUnknown(unknown)]) context.print(printable(line));
    }
    const which = usable.length > 1 ? ` -d ${usable[0]?.id}` : '';
    const hopeless = modems.length > 0 && modems.every(({ kind }) => kind === 'softmodem');
    const next =
      usable.length > 0
        ? [`modemctl health${which}`, `modemctl at ATI3${which}`, `modemctl reset${which}`]
        : // Waiting for a softmodem is waiting for ever.
          [hopeless ? 'modemctl models' : 'modemctl detect --wait 60s', 'modemctl virtual'];
    // A line each: one that the terminal breaks cannot be pasted.
    context.print(`\nTry: ${[...next, 'modemctl --help'].join('\n     ')}`);
  },
};
