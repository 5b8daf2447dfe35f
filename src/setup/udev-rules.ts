/**
 * The udev rules: rights for the group dialout on tty and usbfs node of the modems in the catalogue, so that nobody needs root for a reset; ModemManager told to leave them alone; and a name that lasts, /dev/modem/PORT
 * (`/dev/modem/1-1.2`), for programs that cannot ask modemctl.
 */
import { readFileSync } from 'node:fs';
import { catalogue, lookUpModem } from '../usb/catalogue/catalogue.ts';

/** Where the system's administrator keeps rules; a package would use /usr/lib/udev/rules.d. */
export const RULES_PATH = '/etc/udev/rules.d/70-modemctl.rules';

const HEADER = `# Written by "modemctl setup"; "sudo modemctl setup --remove" takes it away.
ACTION=="remove", GOTO="modemctl_end"
SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", GOTO="modemctl_usb"
SUBSYSTEM=="tty", SUBSYSTEMS=="usb", GOTO="modemctl_tty"
GOTO="modemctl_end"
`;

/** A USB id, four hex digits each. */
export interface UsbIds {
  readonly vendorId: string;
  readonly productId: string;
}

/**
 * The file's text. Softmodems are left out: there is nothing to have rights on.
 * @param plugged modems that are here; those that the catalogue does not know get their lines as well
 */
export function udevRules(plugged: readonly UsbIds[] = []): string {
  const listed = catalogue.flatMap(({ kind, vendorId, productId }) =>
    kind === 'softmodem' || vendorId === null || productId === null ? [] : [{ vendorId, productId }],
  );
  const unlisted = plugged.filter(({ vendorId, productId }) => !lookUpModem(vendorId, productId));
  const ids = [...listed, ...unlisted];
  const device = ids.map(
    ({ vendorId, productId }) =>
      `ATTR{idVendor}=="${vendorId}", ATTR{idProduct}=="${productId}", GROUP="dialout", MODE="0660", ENV{ID_MM_DEVICE_IGNORE}="1"`,
  );
  // $id is the device that the ATTRS matched: the USB port path.
  const tty = ids.map(
    ({ vendorId, productId }) =>
      `ATTRS{idVendor}=="${vendorId}", ATTRS{idProduct}=="${productId}", GROUP="dialout", MODE="0660", ENV{ID_MM_DEVICE_IGNORE}="1", SYMLINK+="modem/$id"`,
  );
  return [
    HEADER,
    'LABEL="modemctl_usb"',
    ...device,
    'GOTO="modemctl_end"',
    '',
    'LABEL="modemctl_tty"',
    ...tty,
    '',
    'LABEL="modemctl_end"',
    '',
  ].join('\n');
}

/**
 * Whether the rules on this system say all that ours say, also of the modems that are plugged in. More than that (a modem that was here once) does no harm.
 */
export function rulesState(plugged: readonly UsbIds[], path = RULES_PATH): 'absent' | 'outdated' | 'current' {
  let installed: Set<string>;
  try {
    installed = new Set(readFileSync(path, 'utf8').split('\n'));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'absent' : 'outdated';
  }
  const wanted = udevRules(plugged).split('\n');
  return wanted.every((line) => installed.has(line)) ? 'current' : 'outdated';
}
