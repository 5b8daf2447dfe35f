/** The modems that rules are made for. */
import { listModems } from '../usb/list-modems.ts';
import type { ModemInfo } from '../usb/modem-info.ts';
import type { Context } from './context.ts';

/** Real modems, softmodems aside. */
export async function pluggedIn({ clock, signal }: Context): Promise<ModemInfo[]> {
  const modems = await listModems({ clock, signal });
  return modems.filter(({ virtual, kind }) => !virtual && kind !== 'softmodem');
}
