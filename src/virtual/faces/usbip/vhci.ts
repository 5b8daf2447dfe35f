/** The kernel's virtual USB host controller (drivers/usb/usbip/vhci_sysfs.c): its ports, and putting a connection into one. */
import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { access, constants, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { promisify } from 'node:util';
import { ModemctlError } from '../../../core/errors.ts';
import { SPEED_CODE } from './protocol.ts';

/** All controllers are driven through the first one's attributes. */
const CONTROLLER = '/sys/devices/platform/vhci_hcd.0';

/** The values of the column `sta` (enum usbip_device_status): free, and in use. */
const FREE = 4;
const ERROR_STATE = 7;

export interface VhciPort {
  /** Its number over all controllers, as `attach` and `detach` want it. */
  number: number;
  hub: 'hs' | 'ss';
  state: number;
  /** The USB port path of the device in it, once the kernel has enumerated it; null before and if empty. */
  busId: string | null;
}

/**
 * Makes sure that the controller is there and may be used, loading its module if need be.
 * @throws ModemctlError DENIED without root's rights, HELPER where the kernel has no such module
 */
export async function requireVhci(): Promise<void> {
  const root = process.getuid?.() === 0;
  if (!existsSync(CONTROLLER)) {
    if (!root) throw denied();
    await promisify(execFile)('modprobe', ['vhci-hcd']).catch((error: Error & { stderr?: string }) => {
      throw new ModemctlError('HELPER', 'the kernel has no virtual USB controller (module vhci-hcd)', {
        hint: 'On Debian it comes with the kernel package linux-image-amd64 or linux-image-arm64; Raspberry Pi OS kernels have it too.',
        details: { modprobe: (error.stderr ?? error.message).trim().slice(0, 500) },
      });
    });
    if (!existsSync(CONTROLLER)) throw new ModemctlError('HELPER', `vhci-hcd was loaded, but ${CONTROLLER} is missing`);
  }
  await access(`${CONTROLLER}/attach`, constants.W_OK).catch(() => {
    throw denied();
  });
}

function denied(): ModemctlError {
  return new ModemctlError('DENIED', 'plugging a virtual modem into the kernel needs root', {
    hint: 'sudo modemctl virtual --usbip --attach',
  });
}

/** The ports of every controller, in order. */
export function listVhciPorts(): VhciPort[] {
  const ports: VhciPort[] = [];
  // status, status.1, status.2 ...: one file a controller.
  const files = readdirSync(CONTROLLER).filter((name) => /^status(\.\d+)?$/.test(name));
  for (const file of files) {
    for (const line of readFileSync(`${CONTROLLER}/${file}`, 'latin1').split('\n')) {
      const fields = /^(hs|ss)\s+(\d+)\s+(\d+)\s.*?(\S+)\s*$/.exec(line);
      if (!fields) continue;
      const [, hub, number, state, busId] = fields;
      ports.push({
        hub: hub as 'hs' | 'ss',
        number: Number(number),
        state: Number(state),
        busId: busId === '0-0' ? null : busId!,
      });
    }
  }
  return ports.sort((a, b) => a.number - b.number);
}

/** True while the kernel has a connection at this port, working or failed. */
export function isPortTaken(number: number): boolean {
  return listVhciPorts().some((port) => port.number === number && port.state !== FREE && port.state !== ERROR_STATE);
}

/**
 * Puts an imported device into a free port that suits its speed.
 *
 * @param socket a connection on which the import reply was read, to the last byte and no further; the kernel takes it over
 * @param preferred the port it had before, so that it comes back where it was
 * @returns the port's number
 * @throws ModemctlError HELPER when the kernel refuses, or no port is free
 */
export async function attachToVhci(
  socket: Socket,
  devid: number,
  speed: keyof typeof SPEED_CODE,
  preferred: number | null,
): Promise<number> {
  // Full and high speed devices both belong on the USB 2 half of a controller.
  const free = listVhciPorts().filter((port) => port.hub === 'hs' && port.state === FREE);
  free.sort((a, b) => Number(b.number === preferred) - Number(a.number === preferred) || a.number - b.number);
  let refusal = 'no port is free';
  for (const { number } of free) {
    const failure = await writeAttach(socket, `${number} 3 ${devid} ${SPEED_CODE[speed]}`);
    if (failure === null) return number;
    refusal = failure;
    // Somebody else was faster: the next port may do.
    if (!/busy|Invalid argument/i.test(failure)) break;
  }
  throw new ModemctlError('HELPER', `the kernel did not take the virtual modem: ${refusal}`);
}

/** Takes whatever is at a port out of it. No complaint if nothing is. */
export async function detachFromVhci(number: number): Promise<void> {
  await writeFile(`${CONTROLLER}/detach`, String(number)).catch(() => {});
}

/** The kernel looks the descriptor up in the process that writes, so a child with the socket as its descriptor 3 does it. Null, or why not. */
function writeAttach(socket: Socket, request: string): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', 'printf %s "$0" > "$1"', request, `${CONTROLLER}/attach`], {
      stdio: ['ignore', 'ignore', 'pipe', socket],
    });
    let said = '';
    child.stderr!.on('data', (data) => {
      said += data;
    });
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? null : said.trim() || `exit ${code}`));
  });
}
