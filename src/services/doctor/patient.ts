/** The modem that the doctor looks at. */
import type { SystemRoots } from '../../core/system-roots.ts';
import type { ModemInfo } from '../../usb/modem-info.ts';
import { readUsbDevice, type UsbDevice } from '../../usb/sysfs.ts';

export interface Patient {
  /** As everywhere: USB port path, a virtual modem's name, or the path of a bare serial device. */
  readonly id: string;
  readonly tty: string | null;
  /** Null: a bare serial device. */
  readonly info: ModemInfo | null;
  /** What sysfs tells without the device lock; null where there is no USB device. */
  readonly device: UsbDevice | null;
}

export function patientOf(info: ModemInfo, roots: SystemRoots): Patient {
  const device = info.virtual ? null : readUsbDevice(info.id, roots);
  return { id: info.id, tty: info.tty, info, device };
}

export function bareSerialDevice(tty: string): Patient {
  return { id: tty, tty, info: null, device: null };
}
