/** What /proc tells of processes. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What collect.cjs wrote down last; null: nothing yet. */
export function heapKB(folder, pid) {
  const text = read(`${folder}/heap-${pid}`);
  return text === '' ? null : Math.round(Number(text) / 1024);
}

/** The descriptors of a process, and what each is open on; none once it has ended. */
export function descriptorsOf(pid) {
  const folder = `/proc/${pid}/fd`;
  const target = (name) => {
    try {
      return [`${name} ${readlinkSync(`${folder}/${name}`)}`];
    } catch {
      // That of the listing itself.
      return [];
    }
  };
  try {
    return readdirSync(folder).flatMap(target);
  } catch {
    return [];
  }
}

/** The processes that were started in this folder and are still there, as command lines. */
export function processesIn(folder) {
  const mark = `XDG_RUNTIME_DIR=${folder}\0`;
  return readdirSync('/proc')
    .filter(
      (name) => /^\d+$/.test(name) && Number(name) !== process.pid && read(`/proc/${name}/environ`).includes(mark),
    )
    .map((pid) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim())
    .filter((command) => command !== '');
}

/** The UUCP lock files that name one of these processes. */
export function lockFilesOf(pids) {
  return readdirSync('/run/lock').filter(
    (name) => name.startsWith('LCK..') && pids.has(Number(read(`/run/lock/${name}`))),
  );
}

function read(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
