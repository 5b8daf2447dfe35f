/** `detect --watch`: modems as they come and go, until a signal ends it. */
import { printable } from '../../core/text.ts';
import { toJson } from '../../usb/modem-info.ts';
import type { ModemEvent } from '../../usb/roster.ts';
import { type WatchOptions, watchModems } from '../../usb/watch-modems.ts';
import type { Context } from '../context.ts';
import { EventStream } from '../event-stream.ts';

export async function watch(context: Context, options: WatchOptions): Promise<void> {
  const stream = await EventStream.open(context);
  const { device, deviceFrom } = context.common;
  const which = device !== undefined && deviceFrom === 'option' ? `for ${device}` : 'for modems';
  context.say(`Watching ${which}; Ctrl-C ends it.`);
  for await (const event of watchModems({ ...options, signal: stream.signal })) {
    const present = event.kind === 'plugged' ? { present: event.present } : {};
    stream.emit(event.kind, { ...present, modem: toJson(event.info) }, lineFor(context, event));
  }
}

/** The longest of the words. */
const WORD_WIDTH = 'unplugged'.length;

function lineFor({ colours }: Context, event: ModemEvent): string {
  const { info, kind } = event;
  const { bold, dim, green, yellow } = colours;
  const word = (kind === 'plugged' && event.present ? 'present' : kind).padEnd(WORD_WIDTH);
  const coloured = kind === 'unplugged' ? yellow(word) : kind === 'plugged' ? green(word) : word;
  const what = `${bold(printable(info.id))}  ${printable(info.model)}  ${dim(`${info.vendorId}:${info.productId}`)}  ${info.tty ?? '-'}`;
  if (kind === 'unplugged') return `${coloured}  ${what}`;
  const why = info.reason === null ? '' : `: ${printable(info.reason)}`;
  return `${coloured}  ${what}  ${info.state}${why}${info.virtual ? dim(' (virtual)') : ''}`;
}
