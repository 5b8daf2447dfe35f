/** Does the port give what the modem takes, and does nobody put it to sleep? Only files that do not take the device lock are read. */
import { join } from 'node:path';
import { readAttribute, readNumber } from '../../usb/attribute.ts';
import { readUsbDevice, type UsbDevice } from '../../usb/sysfs.ts';
import { couldNotLook, type Finding, fail, ok, warn } from './finding.ts';
import type { Patient } from './patient.ts';
import type { DoctorSystem } from './system.ts';

/** mA a port gives: USB 2.0 section 7.2.1.1 (one unit load behind a hub that lives off the bus, five elsewhere), USB 3.2 section 11.4.1 (six of 150). */
const BUS_POWERED_HUB_MA = 100;
const PORT_MA = 500;
const SUPERSPEED_PORT_MA = 900;

export function examinePower({ info, device }: Patient, { roots }: DoctorSystem): Finding[] {
  if (info === null || device === null) return [];
  const hub = device.parentHub === null ? null : readUsbDevice(device.parentHub, roots);
  const found = [
    info.state === 'no-power'
      ? fail('power', info.reason ?? 'its port does not give what it takes', { remedy: info.remedy })
      : judgeBudget(device, hub),
    judgeAutosuspend(device),
  ];
  const cutOff = readNumber(join(device.path, 'port/over_current_count'));
  if (cutOff !== null && cutOff > 0) {
    found.push(
      warn('overCurrent', `its port was switched off for too much current, ${cutOff} times since the start`, {
        remedy: 'Plug it into another port, or into a hub with a power supply of its own.',
      }),
    );
  }
  return found;
}

function judgeBudget(device: UsbDevice, hub: UsbDevice | null): Finding {
  const all = device.descriptors?.configurations ?? [];
  const active = all.find(({ value }) => value === device.configurationValue) ?? all[0];
  if (!active) return couldNotLook('power', 'its descriptors cannot be read');
  if (active.selfPowered) return ok('power', 'it has a power supply of its own');
  const { maxPowerMa } = active;
  // A hub that says it is self-powered, or says nothing.
  const livesOffTheBus = hub?.descriptors?.configurations[0]?.selfPowered === false;
  const given = livesOffTheBus ? BUS_POWERED_HUB_MA : device.speedMbps >= 5000 ? SUPERSPEED_PORT_MA : PORT_MA;
  const where = hub === null ? 'its port' : livesOffTheBus ? 'the unpowered hub' : 'the powered hub';
  if (maxPowerMa <= given) return ok('power', `it takes ${maxPowerMa} mA of the ${given} that ${where} gives`);
  return warn('power', `it takes ${maxPowerMa} mA, and ${where} it hangs on gives ${given}`, {
    remedy: "Plug it into the computer's own socket, or into a hub with a power supply.",
  });
}

function judgeAutosuspend({ path }: UsbDevice): Finding {
  const control = readAttribute(join(path, 'power/control'));
  if (control === null) return couldNotLook('autosuspend', `${path}/power/control cannot be read`);
  if (control !== 'auto') return ok('autosuspend', 'nobody puts it to sleep');
  return warn('autosuspend', 'it may be put to sleep when idle (powertop, tlp), and some do not wake for a ring', {
    remedy: `echo on | sudo tee ${path}/power/control`,
  });
}
