import { requireTty } from '../../usb/selector.ts';
import type { CommandSpec } from '../command.ts';
import { selectTarget } from '../select.ts';

export const tty: CommandSpec = {
  name: 'tty',
  group: 'Look',
  summary: "print the path of the modem's tty, for other programs",
  settings: { sections: [], lenient: true },
  selectorArgument: true,
  examples: [
    ['minicom -D "$(modemctl tty)"', 'whatever number it has today'],
    ['modemctl tty 1-1.2', 'of the modem at one USB port'],
  ],
  run: async (context) => {
    const target = await selectTarget(context, { holders: false });
    const path = target.kind === 'tty' ? target.tty : requireTty(target.info);
    context.report({ modem: target.info?.id ?? path, tty: path });
    context.print(path);
  },
};
