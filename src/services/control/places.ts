/**
 * Where the process that holds a modem listens: `/run/modemctl/PORT.sock` if it is root's, else in the runtime folder of its user. A virtual modem is known to its user only, and so is the socket of who holds it.
 */
import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isOwnFolder, makeOwnFolder, runtimeFolder, systemFolder } from '../../core/runtime-folder.ts';
import { systemRoots } from '../../core/system-roots.ts';
import { listFolder } from '../../usb/attribute.ts';

/** What a socket is called after. */
export interface HeldModem {
  /** USB port path, a virtual modem's name, or the path of a bare serial device. */
  readonly id: string;
  readonly virtual: boolean;
}

export interface Place {
  readonly path: string;
  /** Who may ask besides the owner: the group that may use modems anyway. */
  readonly group: number | undefined;
}

const SYSTEM_FOLDER = '/run/modemctl';
/** Folders of logins, one a user (pam_systemd). */
const LOGINS = '/run/user';
/** Debian's group of those who may use modems. */
const GROUP = 'dialout';

/**
 * Where to listen; the folder is made.
 * @throws ModemctlError DENIED
 */
export function placeToListen(modem: HeldModem): Place {
  const name = socketName(modem.id);
  const system = modem.virtual ? null : (systemFolder() ?? serviceFolder());
  if (system !== null) return { path: join(system, name), group: groupId() };
  const folder = runtimeFolder();
  makeOwnFolder(folder);
  return { path: join(folder, name), group: undefined };
}

/**
 * Where those may listen who have the tty open, best first: in folders that are root's, ours, or for root also theirs, so that nobody else is taken for them.
 * @param holders their pids
 */
export function placesToAsk(modem: HeldModem, holders: readonly number[]): string[] {
  const name = socketName(modem.id);
  const own = runtimeFolder();
  const folders = isOwnFolder(own) ? [own] : [];
  if (!modem.virtual) folders.unshift(SYSTEM_FOLDER, ...serviceFolders(holders));
  // `sudo modemctl reset` while one's own watch has the modem.
  if (!modem.virtual && isRoot()) folders.push(...loginFolders(holders));
  return folders.map((folder) => join(folder, name)).filter((path) => existsSync(path));
}

/** `1-1.2.sock`, `usr5637.sock`; of a bare device its path below /dev: `ttyS0.sock`, `pts-3.sock`. */
function socketName(id: string): string {
  const path = id.startsWith('/') ? realPath(id).replace(/^\/dev\//, '') : id;
  return `${path.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '')}.sock`;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** That of a service of systemd's that runs as an ordinary user (RuntimeDirectory=modemctl/UNIT, systemd.exec(5)); null: we are none. */
function serviceFolder(env: NodeJS.ProcessEnv = process.env): string | null {
  const [folder = ''] = env.RUNTIME_DIRECTORY?.split(':') ?? [];
  return folder.startsWith(`${SYSTEM_FOLDER}/`) && isOwnFolder(folder) ? folder : null;
}

/** Those below root's own folder can only have been made by root, for the users that they belong to. */
function serviceFolders(pids: readonly number[]): string[] {
  const users = usersOf(pids);
  return listFolder(SYSTEM_FOLDER)
    .map((name) => join(SYSTEM_FOLDER, name))
    .filter((path) => {
      const status = lstatSync(path, { throwIfNoEntry: false });
      return status?.isDirectory() === true && users.includes(status.uid);
    });
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function loginFolders(pids: readonly number[]): string[] {
  return usersOf(pids)
    .filter((uid) => uid !== 0)
    .map((uid) => join(LOGINS, String(uid), 'modemctl'));
}

function usersOf(pids: readonly number[]): number[] {
  const users = pids.map((pid) => statSync(join(systemRoots.proc, String(pid)), { throwIfNoEntry: false })?.uid);
  return [...new Set(users)].filter((uid) => uid !== undefined);
}

function groupId(): number | undefined {
  try {
    const group = readFileSync(join(systemRoots.etc, 'group'), 'utf8');
    const [, id] = new RegExp(`^${GROUP}:[^:]*:(\\d+):`, 'm').exec(group) ?? [];
    return id === undefined ? undefined : Number(id);
  } catch {
    return undefined;
  }
}
