/**
 * Where virtual modems on PTYs announce themselves, so that `detect` lists them and every command works on them: one file each, `$XDG_RUNTIME_DIR/modemctl/virtual/NAME.json`. The modem in the box writes
 * them, discovery reads them; the format is all the two share.
 */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './process-alive.ts';
import { isOwnFolder, makeOwnFolder, runtimeFolder } from './runtime-folder.ts';

/** One virtual modem, as its file tells it. */
export interface VirtualRegistration {
  /** Its id; unique among the living. `[a-z0-9-]+`. */
  name: string;
  /** The process that plays it; a file whose process is dead is ignored. */
  pid: number;
  /** The PTY's slave; null for a modem without a tty (a winmodem, or one that is unplugged just now). */
  tty: string | null;
  /** The Unix socket that takes commands, JSON lines: `{"do":"replug"}`. */
  control: string;
  /** False while it is unplugged. */
  plugged: boolean;
  /** How often it has been plugged in, as the address on a USB bus rises with each. */
  pluggings: number;
  vendorId: string;
  productId: string;
  manufacturer: string | null;
  product: string | null;
  serial: string | null;
}

/** The folder the registrations live in; it need not exist. */
export function virtualRegistryFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(runtimeFolder(env), 'virtual');
}

/** The virtual modems that are alive, by name. Unreadable or foreign files count as absent. */
export function listVirtualModems(folder: string = virtualRegistryFolder()): VirtualRegistration[] {
  let names: string[];
  try {
    if (!isOwnFolder(folder)) return [];
    names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
  const found: VirtualRegistration[] = [];
  for (const name of names) {
    const registration = readRegistration(join(folder, name));
    if (registration && isAlive(registration.pid)) found.push(registration);
  }
  return found.sort((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }));
}

/** Writes or replaces a registration. The folder is made if need be. */
export function writeVirtualModem(registration: VirtualRegistration, folder: string = virtualRegistryFolder()): void {
  makeOwnFolder(folder);
  const target = join(folder, `${registration.name}.json`);
  const draft = `${target}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(registration)}\n`, { mode: 0o600 });
  renameSync(draft, target);
}

/** Takes a registration away; no complaint if it is not there. */
export function removeVirtualModem(name: string, folder: string = virtualRegistryFolder()): void {
  rmSync(join(folder, `${name}.json`), { force: true });
}

const NAME = /^[a-z0-9][a-z0-9-]{0,40}$/;
/** A device's path: it is shown, opened, and given to programs. */
const TTY = /^\/[\x21-\x7e]{1,200}$/;
const USB_ID = /^[0-9a-f]{4}$/;

function readRegistration(path: string): VirtualRegistration | null {
  let value: Partial<Record<keyof VirtualRegistration, unknown>>;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
  const { name, pid, control, pluggings, vendorId, productId, tty, manufacturer, product, serial } = value ?? {};
  if (!isText(name) || !NAME.test(name) || typeof pid !== 'number' || !isText(control)) return null;
  if (!isText(vendorId) || !USB_ID.test(vendorId) || !isText(productId) || !USB_ID.test(productId)) return null;
  if (isText(tty) && !TTY.test(tty)) return null;
  if (!isTextOrNone(tty) || !isTextOrNone(manufacturer) || !isTextOrNone(product) || !isTextOrNone(serial)) return null;
  return {
    name,
    pid,
    control,
    vendorId,
    productId,
    plugged: value.plugged !== false,
    pluggings: typeof pluggings === 'number' ? pluggings : 0,
    tty: tty ?? null,
    manufacturer: manufacturer ?? null,
    product: product ?? null,
    serial: serial ?? null,
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTextOrNone(value: unknown): value is string | null | undefined {
  return value === null || value === undefined || isText(value);
}
