/**
 * The udev rules: rights for the group dialout on tty and usbfs node of the modems in the catalogue, so that nobody needs root for a reset; ModemManager told to leave them alone; and a name that lasts, /dev/modem/PORT
 * (`/dev/modem/1-1.2`), for programs that cannot ask modemctl.
 */
import { existsSync, readFileSync } from 'node:fs';
import { catalogue, lookUpModem } from '../usb/catalogue/catalogue.ts';

/** Where the system's administrator keeps rules. */
export const RULES_PATH = '/etc/udev/rules.d/70-modemctl.rules';

/** Where the Debian package has them. A file of the same name in /etc counts instead (udev(7)). */
export const PACKAGED_RULES_PATH = '/usr/lib/udev/rules.d/70-modemctl.rules';

const WRITTEN = '# Written by "modemctl setup"; "sudo modemctl setup --remove" takes it away.';

const HEAD = `ACTION=="remove", GOTO="modemctl_end"
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
 * @param origin its first line, a comment: where it comes from
 */
export function udevRules(plugged: readonly UsbIds[] = [], origin = WRITTEN): string {
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
    origin,
    HEAD,
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
 * @param paths where they may be; the first that is there counts
 */
export function rulesState(
  plugged: readonly UsbIds[],
  paths: readonly string[] = [RULES_PATH, PACKAGED_RULES_PATH],
): 'absent' | 'outdated' | 'current' {
  const [path, ...others] = paths;
  if (path === undefined) return 'absent';
  let installed: Set<string>;
  try {
    installed = new Set(readFileSync(path, 'utf8').split('\n'));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? rulesState(plugged, others) : 'outdated';
  }
  const [, ...wanted] = udevRules(plugged).split('\n');
  return wanted.every((line) => installed.has(line)) ? 'current' : 'outdated';
}

/** Whether a package's rules are there and suffice, with none in /etc that would count instead. */
export function arePackagedRulesInForce(plugged: readonly UsbIds[]): boolean {
  return !existsSync(RULES_PATH) && rulesState(plugged, [PACKAGED_RULES_PATH]) === 'current';
}
