/** What is peculiar to a Raspberry Pi: power of its USB ports, too little voltage, split transactions. On other machines it says nothing. */
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { linkName, listFolder, readAttribute } from '../../usb/attribute.ts';
import { gangOf, piModel } from '../../usb/pi-board.ts';
import { readUsbDevice, type UsbDevice } from '../../usb/sysfs.ts';
import { couldNotLook, type Finding, fail, ok, warn } from './finding.ts';
import type { Patient } from './patient.ts';
import type { DoctorSystem } from './system.ts';

export async function examineBoard(system: DoctorSystem): Promise<Finding[]> {
  const model = piModel(system.roots);
  if (model === null) return [];
  return [ok('board', `${model}: ${gangOf(model).told}`), await underVoltage(system)];
}

/** Bits of the firmware's answer (raspberrypi.com, os.adoc, get_throttled): 0 now, 16 since the start. */
const NOW = 1 << 0;
const SINCE_START = 1 << 16;

const SUPPLY = { remedy: "Use the Pi's own power supply and a short cable, and a powered hub for the modem." };

async function underVoltage(system: DoctorSystem): Promise<Finding> {
  const sensors = join(system.roots.sys, 'class/hwmon');
  const sensor = listFolder(sensors).find((name) => readAttribute(join(sensors, name, 'name')) === 'rpi_volt');
  const alarm = sensor === undefined ? null : readAttribute(join(sensors, sensor, 'in0_lcrit_alarm'));
  if (alarm === '1') return fail('voltage', 'the Pi has too little voltage now: USB devices drop out', SUPPLY);
  const asked = await system.run('vcgencmd', ['get_throttled']);
  const bits = asked.kind === 'ended' ? /throttled=0x([0-9a-f]+)/i.exec(asked.stdout)?.[1] : undefined;
  if (bits !== undefined) {
    const value = Number.parseInt(bits, 16);
    if (value & NOW) return fail('voltage', 'the Pi has too little voltage now: USB devices drop out', SUPPLY);
    if (value & SINCE_START) return warn('voltage', 'the Pi had too little voltage at times since its start', SUPPLY);
    return ok('voltage', 'the voltage was high enough since the start');
  }
  if (alarm === '0') return ok('voltage', 'the voltage is high enough');
  return couldNotLook('voltage', 'there is neither the sensor rpi_volt nor vcgencmd');
}

/** Host controllers that do split transactions in software. */
const SPLITS_IN_SOFTWARE: ReadonlySet<string> = new Set(['dwc_otg', 'dwc2']);

/**
 * A full-speed device below a high-speed hub needs split transactions, with which the controller of the Pi 1 to 3 and Zero loses data or stops (raspberrypi/linux issues 2140, 241, 624, 6440). The USR5637 is high speed and
 * needs none, but behind a full-speed hub.
 */
export function examineSplits({ device }: Patient, system: DoctorSystem): Finding[] {
  if (device === null) return [];
  const controller = hostController(device, system);
  if (controller === null || !SPLITS_IN_SOFTWARE.has(controller)) return [];
  if (device.speedMbps > 12) return [ok('splits', 'it is high speed: no split transactions')];
  const hub = device.parentHub === null ? null : readUsbDevice(device.parentHub, system.roots);
  if (hub === null || hub.speedMbps <= 12) return [ok('splits', 'full speed all the way: no split transactions')];
  const cure =
    controller === 'dwc_otg'
      ? "sudo sed -i 's/$/ dwc_otg.fiq_fsm_mask=0x2/' /boot/firmware/cmdline.txt   # where data is lost; then: sudo reboot"
      : null;
  const text = `full speed behind a high-speed hub on ${controller}: this Pi's USB loses data then, at times`;
  return [warn('splits', text, { remedy: cure ?? 'A high-speed modem (USR5637) avoids it.' })];
}

/** The driver of the host controller below whose root hub the device hangs. */
function hostController({ bus }: UsbDevice, { roots }: DoctorSystem): string | null {
  try {
    return linkName(join(dirname(realpathSync(join(roots.sys, 'bus/usb/devices', `usb${bus}`))), 'driver'));
  } catch {
    return null;
  }
}
